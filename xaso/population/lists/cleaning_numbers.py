"""Numbers of papers as lists write them: zeros that Excel lost, floats, made-up numbers."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xaso.population import national_id

_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_BETWEEN = re.compile(r"[\s.\-'`’]+")


class WrongNumber(Exception):
    """No number; `code` names why."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Found:
    """What a cell of numbers says, and by which rules."""

    said: dict[str, Any] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)


def digits(value: Any) -> tuple[str, list[str]]:  # noqa: ANN401
    """Return a cell as digits, empty for a made-up number like 0. Refuses with WrongNumber.

    A number that Excel kept as `1.2087001234E+10` has all its digits; `1.20870E+10` has lost some.
    """
    rules: list[str] = []
    if isinstance(value, float):
        if not value.is_integer():
            raise WrongNumber("number_wrong")
        value = int(value)
    if isinstance(value, int):
        text = str(value)
        rules.append("number_from_excel")
    else:
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if shown := _SCIENTIFIC.fullmatch(text):
            text = _whole(shown)
            rules.append("number_from_excel")
        text = _BETWEEN.sub("", text)
    if national_id.is_made_up(text):
        return "", [*rules, "number_made_up"]
    return text, rules


def national(text: str, *, year: int | None, sex: str, today: date) -> Found:
    """Return a personal number, its leading zeros restored where that is certain enough to propose.

    Twelve digits are read; ten or eleven become twelve only when the province is then a known one
    and the year agrees with the stated one; nine are the number of the former card. Refuses with
    WrongNumber.
    """
    rules = []
    if re.fullmatch(r"[0-9]{10,11}", text):
        text = _restored(text, year, sex, today)
        rules.append("lead_zero_restored")
    if national_id.is_cmnd(text):
        return Found({"cmnd": text}, ["nine_digits"])
    found = national_id.read(text, today=today, year=year, sex=sex)
    if found.normalised is None:
        raise WrongNumber("number_wrong")
    if found.errors:
        raise WrongNumber("number_year_to_come")
    return Found(
        {"number": found.normalised, "number_warnings": list(found.warnings)},
        rules + [f"warning_{name}" for name in found.warnings],
    )


def cmnd(text: str) -> str:
    """Return the nine digits of the former card. Refuses with WrongNumber."""
    if not national_id.is_cmnd(text):
        raise WrongNumber("cmnd_wrong")
    return national_id.normalised(text)


def _restored(text: str, year: int | None, sex: str, today: date) -> str:
    number = text.zfill(12)
    found = national_id.read(number, today=today, year=year, sex=sex)
    is_sure = year is not None and found.birth_year == year
    if not is_sure or found.errors or found.place_code not in national_id.PLACES:
        raise WrongNumber("number_short")
    return number


def _whole(shown: re.Match[str]) -> str:
    """Return all digits of a number in scientific writing; refuse one that lost some."""
    first, rest, power = shown.group(1), shown.group(2) or "", int(shown.group(3))
    if len(rest) < power - 1:  # a last zero is not written
        raise WrongNumber("number_rounded")
    return str(int(Decimal(f"{first}.{rest or 0}").scaleb(power)))
