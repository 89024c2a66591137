"""The structure of the personal number: twelve digits `PPP G YY NNNNNN`, no check digit.

PPP is the place of birth registration (63 historic provinces), G the century and sex, YY the year.
Source: descriptions of decree 137/2015/NĐ-CP article 13 and circular 07/2016/TT-BCA article 7.
Declared data may be right and the number wrong: differences are warnings an official answers.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

OLDEST = 125  # years
# Two-digit codes of the provinces before 2025-07-01; numbers given then stay valid for ever.
_PROVINCES = (
    "01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46 "
    "48 49 51 52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95 "
    "96"
)
PLACES = frozenset(f"0{code}" for code in _PROVINCES.split())
_BETWEEN = re.compile(r"[\s.\-]+")
_TWELVE = re.compile(r"[0-9]{12}")
_CMND = re.compile(r"[0-9]{9}")
_RUN = "01234567890123456789012"


@dataclass(frozen=True)
class Reading:
    """What a number says; without `normalised` it is none. Errors forbid, warnings ask."""

    normalised: str | None
    place_code: str = ""
    sex: str = ""
    birth_year: int = 0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read(text: str, *, today: date, year: int | None = None, sex: str = "") -> Reading:
    """Read a typed number and compare it with the declared birth year and sex, if any.

    Digits of other scripts are no digits: `٣` is refused, full-width `１` is the same as 1.
    """
    number = normalised(text)
    if not _TWELVE.fullmatch(number):
        return Reading(None, errors=("not_12_digits",))
    century = int(number[3])
    born = 1900 + century // 2 * 100 + int(number[4:6])
    its_sex = "female" if century % 2 else "male"
    if born > today.year:
        return Reading(number, number[:3], its_sex, born, errors=("birth_year_in_future",))
    found = (
        ("unknown_place_code", number[:3] not in PLACES),
        ("age_over_125", today.year - born > OLDEST),
        ("serial_all_zero", number[6:] == "000000"),
        ("year_differs", year is not None and year != born),
        ("sex_differs", sex in ("male", "female") and sex != its_sex),
    )
    return Reading(number, number[:3], its_sex, born, warnings=_true(found))


def normalised(text: str) -> str:
    """Return a typed number without what people put between digits."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def is_cmnd(text: str) -> bool:
    """Return whether a text is the nine-digit number of the former identity card."""
    return bool(_CMND.fullmatch(normalised(text)))


def is_made_up(number: str) -> bool:
    """Return whether a number is what people type when there is none: zeros, 123456789."""
    return len(set(number)) <= 1 or (number.isdigit() and number in _RUN)


def grouped(number: str) -> str:
    """Return twelve digits as they are shown: `012 087 001 234`."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


def _true(found: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    return tuple(name for name, is_so in found if is_so)
