"""Tags and filters of every template: icons, computed styles, numbers, dates, codes."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xaso.kernel.text import dates, numbers, phone, spoken_code
from xaso.kernel.voices import queries as voices
from xaso.kernel.web import collected, controls, deadlines

register = template.Library()

_UNKNOWN = "circle-dashed"


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, extra: str = "") -> SafeString:
    """Draw an icon and remember its symbol for the page's sprite.

    An icon stands beside a word, so it is hidden from screen readers. A name we do not own
    (icons of categories come from data) draws an empty circle.
    """
    known = name if name in collected.symbols() else _UNKNOWN
    collected.of(context).icons[known] = None
    return _icon(known, f"i {extra}".strip())


@cache
def _icon(name: str, css: str) -> SafeString:
    """Return the markup of an icon; names and classes come from our own templates: few."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@register.simple_tag(takes_context=True)
def listen(context: Context, key: str, target: str, spare: str = "") -> SafeString:
    """Draw the button that reads a part of the page aloud: `{% listen "reports.receipt" "t1" %}`.

    With `spare` as a third word nothing is drawn while nobody spoke the sentence: the page has
    another button that reads it.

    It knows the recordings of the sentence in every language; the phone picks the one its owner
    chose, then Vietnamese, then its own voice reading the element `target`. Without a script there
    is no button. The page is the same for everybody.
    """
    commune = getattr(context.get("request"), "commune", None)
    found = voices.clips(commune.id).get(key, {}) if commune else {}
    if spare and not found:
        return SafeString("")
    collected.of(context).icons["volume-2"] = None
    paths = {lang: f"{get_script_prefix()}{path}" for lang, path in found.items()}
    return format_html(
        '<button class="btn btn--ghost" type="button" data-nghe="{}"{} aria-pressed="false" hidden>'
        "{}{}</button>",
        target,
        format_html(' data-tieng="{}"', json.dumps(paths)) if paths else "",
        _icon("volume-2", "i"),
        _("Nghe"),
    )


@register.simple_tag(takes_context=True)
def logo(context: Context) -> SafeString:
    """Draw the woven diamond."""
    collected.of(context).icons["logo"] = None
    return SafeString('<svg aria-hidden="true"><use href="#i-logo"/></svg>')


@register.simple_tag(takes_context=True)
def keep_icons(context: Context, *names: str) -> str:
    """Put icons into the sprite that cached or script-made markup of this page will use."""
    collected.of(context).icons.update(dict.fromkeys(names))
    return ""


@register.simple_tag(takes_context=True)
def rule(context: Context, pattern: str, *values: object) -> str:
    """Return a class for a computed style: `class="bar {% rule '--v:{}%' share %}"`.

    A strict content policy forbids `style` attributes; `{% rules %}` prints the rules once.
    """
    name, declarations = collected.rule(pattern, values)
    collected.of(context).rules[name] = declarations
    return name


@register.simple_tag(takes_context=True)
def rules(context: Context) -> SafeString:
    """Print the page's computed styles as one block that carries the page's nonce."""
    found = collected.of(context).rules
    if not found:
        return SafeString("")
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<style nonce="{}">{}</style>', nonce, mark_safe("".join(_css(found))))  # noqa: S308


@register.simple_tag(takes_context=True)
def sprite(context: Context) -> SafeString:
    """Print the symbols this page uses; stands last in `<body>`."""
    return format_html('<svg id="hinh" width="0" height="0" hidden>{}</svg>', _drawn(context))


@register.simple_tag(takes_context=True)
def fragment_end(context: Context) -> SafeString:
    """Print what a fragment adds to its page: symbols, and computed styles as data.

    htmx moves the symbols into the page's sprite; desk.js adds the styles, because a `<style>`
    in a fragment would carry a nonce the page does not know.
    """
    gathered = collected.of(context)
    symbols = styles = SafeString("")
    if gathered.icons:
        symbols = format_html(
            '<svg id="hinh" hx-swap-oob="beforeend:#hinh" hidden>{}</svg>', _drawn(context)
        )
    if gathered.rules:
        styles = format_html('<i hidden data-kieu="{}"></i>', "\n".join(_css(gathered.rules)))
    return symbols + styles


def _drawn(context: Context) -> SafeString:
    known = collected.symbols()
    drawn = "".join(known[name] for name in sorted(collected.of(context).icons) if name in known)
    return mark_safe(drawn)  # noqa: S308  (our own file)


def _css(found: dict[str, str]) -> Iterable[str]:
    return (f".{name}{{{declarations}}}" for name, declarations in found.items())


@register.simple_tag
def sla(
    due: datetime | None, now: datetime | None, paused: datetime | None, done: datetime | None
) -> deadlines.Chip | None:
    """Return the chip of a deadline; `{% sla due now paused done as chip %}`."""
    return deadlines.chip(due, now or timezone.now(), paused=paused or None, done=done or None)


@register.simple_tag
def insist(value: object, name: str) -> str:
    """Refuse to draw a part without a value it cannot do without."""
    if not value:
        raise ValueError(f"this part needs {name}")
    return ""


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw a form field's own control in the look of the kit, wired to its hint and error."""
    return controls.drawn(field)


@register.filter
def is_group(field: BoundField) -> bool:
    """Return whether the field is a set of choices, which needs a fieldset and a legend."""
    return controls.is_group(field)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Return whether the field is one tick box, whose label stands beside it."""
    return controls.is_tick(field)


@register.filter
def so(value: float | Decimal | None) -> str:
    """Write a number as Vietnamese do: 1.160 and 12,4; nothing for nothing."""
    return "" if value is None else numbers.so(value)


@register.filter
def ngay(value: datetime | date | None) -> str:
    """Write a day: thứ Sáu 27/11."""
    return "" if value is None else dates.ngay(value)


@register.filter
def gio(value: datetime | None) -> str:
    """Write a time of day: 9:10."""
    return "" if value is None else dates.gio(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a time and its day: 9:10 thứ Sáu 27/11."""
    return "" if value is None else dates.moment(value)


@register.filter
def code(value: str | None) -> SafeString:
    """Write a nine-digit code in groups of three that never break over two lines."""
    if not value:
        return SafeString("")
    return format_html('<span class="nowrap">{}</span>', spoken_code.grouped(value))


@register.filter
def spoken_phone(value: str | None) -> str:
    """Write a stored phone number as it is read aloud: 0912 345 678."""
    return phone.grouped(value) if value else ""


@register.filter
def walked(step: int, steps: int) -> list[bool]:
    """Return one yes or no per step, yes for those reached."""
    return [number <= step for number in range(1, steps + 1)]


@register.filter
def initials(name: str) -> str:
    """Return the two letters that stand for a person's name: Tẩn A Sơn → TS."""
    words = name.split()
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


@register.filter
def lines(values: Iterable[Any]) -> SafeString:
    """Join plain values into one line parted by middle dots, leaving out the empty ones."""
    return format_html_join(" · ", "{}", ((value,) for value in values if value))
