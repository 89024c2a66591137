"""What leaves the room: personal data masked in words, places made coarse. Pure functions.

Rounding is deterministic: random jitter would be averaged away over several reports.
"""

import re
from dataclasses import dataclass

from xaso.kernel.text import fold

# Nine and twelve digits: old and new identity papers. Ten to eleven starting with 0 or +84: phones.
# Between the digits may stand blanks, dots, dashes and slashes; a date or a month is no part of it.
_DATE = r"(?!(?:\d{1,2}/)?\d{1,2}/(?:19|20)\d\d(?!\d))"
_GAP = rf"(?:(?:[ ]{{1,2}}|[ ]?[.\-–/][ ]?){_DATE})"
_NUMBER = re.compile(rf"(?<!\w){_DATE}\+?\d(?:{_GAP}?\d){{7,18}}(?!\w)")
# Vietnamese plates: 25B1-234.56, 29A-123.45, 25-H1 234.56.
_PLATE = re.compile(r"\b\d{2}\s?-?\s?[A-Z][A-Z0-9]?\s?-?\s?\d{3}[. ]?\d{2}\b")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")
_MASK = "•••"

DECIMALS = 3  # a cell of about 111 × 103 m at 22.3° N: the error stays under 76 m
PRECISION_M = 76


@dataclass(frozen=True)
class Found:
    """One piece of personal data in a text."""

    kind: str  # number, plate, email, name
    text: str


def mask(text: str, names: tuple[str, ...] = ()) -> str:
    """Return the text with phones, paper numbers, plates, addresses and given names blanked out."""
    for pattern in (_EMAIL, _PLATE, _NUMBER):
        text = pattern.sub(_hidden, text)
    for name in filter(None, names):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _MASK, text, flags=re.IGNORECASE)
    return text


def find(
    text: str, names: tuple[str, ...] = (), allowed: frozenset[str] = frozenset()
) -> list[Found]:
    """Return the personal data in a text; `allowed` holds digits that may stand (desk phones)."""
    found = [Found("email", m.group()) for m in _EMAIL.finditer(text)]
    found += [Found("plate", m.group()) for m in _PLATE.finditer(text)]
    found += [
        Found("number", m.group())
        for m in _NUMBER.finditer(text)
        if _is_personal(digits(m.group())) and digits(m.group()) not in allowed
    ]
    words = f" {fold(text)} "
    found += [Found("name", name) for name in names if name and f" {fold(name)} " in words]
    return found


def spans(text: str, allowed: frozenset[str] = frozenset()) -> list[tuple[str, int, int]]:
    """Return kind (phone, paper, account, plate, email), start and end of what patterns find."""
    found = [("email", *m.span()) for m in _EMAIL.finditer(text)]
    found += [("plate", *m.span()) for m in _PLATE.finditer(text)]
    for m in _NUMBER.finditer(text):
        number = digits(m.group())
        if _is_personal(number) and number not in allowed:
            found.append((_kind(number), *m.span()))
    return found


def _kind(number: str) -> str:
    if len(number) in (10, 11):
        return "phone"
    return "paper" if len(number) in (9, 12) else "account"


def digits(text: str) -> str:
    """Return the digits of a text, with the country code written as the leading 0."""
    bare = re.sub(r"\D", "", text)
    return f"0{bare[2:]}" if text.strip().startswith("+84") else bare


def coarse(lat: float, lon: float) -> tuple[float, float]:
    """Return the point that may be shown: rounded to the grid of about 100 m."""
    return round(lat, DECIMALS), round(lon, DECIMALS)


def _hidden(match: re.Match[str]) -> str:
    whole = match.group()
    if match.re is _NUMBER and not _is_personal(digits(whole)):
        return whole
    return _MASK


def _is_personal(number: str) -> bool:
    """Return whether so many digits can name a person: paper, phone or bank account."""
    is_phone = len(number) in (10, 11) and number.startswith("0")
    return is_phone or len(number) in (9, 12) or 13 <= len(number) <= 19
