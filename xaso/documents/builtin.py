"""Templates that come with the program, read once per process."""

from functools import cache
from pathlib import Path

from xaso.documents.rendering.sheets import Sheet, read

_FORMS = Path(__file__).parent / "built_in"


@cache
def sheets() -> dict[str, Sheet]:
    """Return every built-in template by code."""
    found = (read(file.read_text(encoding="utf-8")) for file in sorted(_FORMS.glob("*.toml")))
    return {sheet.code: sheet for sheet in found}
