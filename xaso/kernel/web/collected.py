"""What one page gathers while it is drawn: icon symbols and computed style rules.

Parts are included, extended and isolated (`{% include … only %}`), so what they gather cannot
lie in the template context. It lies at the bottom of the render context, which Django shares
between a template, its parents and its parts, and which starts empty for each rendering.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.template import Context

SHEETS = [Path(__file__).parent / "static/web/icons" / name for name in ("lucide.svg", "own.svg")]
_SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)".*?</symbol>')
_KEY = "xaso.collected"
# A value inside a rule: a number, a length, a colour token. Nothing that could close the rule.
_VALUE = re.compile(r"[\w.#%-]{1,40}")
_PATTERN = re.compile(r"(?:(?:--)?[a-z][a-z-]*:[\w\s.,#%(){}-]+;?)+")


@dataclass
class Collected:
    """Names of the icons and the style rules one page has used so far, in order of use."""

    icons: dict[str, None] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)


@cache
def symbols() -> dict[str, str]:
    """Return every icon we own: name → `<symbol>` markup."""
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    return {found.group(1): found.group(0) for found in _SYMBOL.finditer(text)}


def of(context: Context) -> Collected:
    """Return what the page being drawn has gathered."""
    root = cast("dict[str, Any]", cast("Any", context.render_context).dicts[0])
    if _KEY not in root:
        root[_KEY] = Collected()
    return cast("Collected", root[_KEY])


def rule(pattern: str, values: tuple[object, ...]) -> tuple[str, str]:
    """Return (class name, declarations) of a computed style.

    `pattern` is written by us ("--v:{}%"), `values` come from data and may hold only numbers,
    lengths and colour names. Equal rules get equal names, in pages and in fragments alike.
    Refuses anything else with ValueError.
    """
    texts = [str(value) for value in values]
    if not _PATTERN.fullmatch(pattern) or not all(_VALUE.fullmatch(text) for text in texts):
        raise ValueError(f"not a style we can write: {pattern!r} {texts!r}")
    declarations = pattern.format(*texts)
    digest = hashlib.sha256(declarations.encode()).hexdigest()[:8]
    return f"k-{digest}", declarations
