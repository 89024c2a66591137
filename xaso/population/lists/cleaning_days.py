"""Days as lists write them: text in Vietnamese order, Excel's serial numbers, years alone."""

import math
import re
from datetime import date, datetime, timedelta
from typing import Any

from xaso.population import births
from xaso.population.models.words import Precision

_FIRST = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_NO_DAY = date(1900, 2, 28)  # Excel counts a 29 February 1900 that never was
_SERIALS = range(10_000, 80_000)  # 1927 to 2119: a five-digit number in a column of days
_TWO_DIGITS = re.compile(r"[0-9]{1,2}[/.\- ][0-9]{1,2}[/.\- ][0-9]{2}|[0-9]{1,2}[/.\-][0-9]{2}")
_ZEROS = re.compile(r"0{1,2}[/.\- ](?:0{1,2}[/.\- ])?(.+)")
_TIMED = re.compile(r"(.+?)[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?")


class WrongDay(Exception):
    """No day; `code` names why."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        self.code = code
        super().__init__(code)


def read(value: Any, today: date, *, is_1904: bool) -> tuple[date, str, list[str]]:  # noqa: ANN401
    """Return day, precision and the rules that were used. Refuses with WrongDay.

    `d/m/yyyy` only in Vietnamese order: a month of 25 is an error, never turned round. Years of two
    digits are refused. A number is a year (1850 to 2100) or a serial number of Excel.
    """
    if isinstance(value, dict):
        return _marked(value, today, is_1904=is_1904)
    if isinstance(value, int | float):
        return _number(value, today, is_1904=is_1904)
    text = str(value).strip()
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        return _number(int(text.partition(".")[0]), today, is_1904=is_1904)
    return _text(text, today)


def _marked(value: dict[str, str], today: date, *, is_1904: bool) -> tuple[date, str, list[str]]:
    """Take a cell that Excel keeps as a date."""
    day = datetime.strptime(value.get("d", ""), "%Y-%m-%d").date()  # noqa: DTZ007
    if not is_1904 and day == _NO_DAY:
        raise WrongDay("serial_60")
    return _within(day, today), str(Precision.DAY), []


def _number(value: float, today: date, *, is_1904: bool) -> tuple[date, str, list[str]]:
    if not math.isfinite(value):
        raise WrongDay("day_unreadable")
    whole = int(value)
    if births.OLDEST_YEAR <= value <= 2100 and whole == value:
        return _within(date(whole, 1, 1), today), str(Precision.YEAR), []
    if whole == 60 and not is_1904:
        raise WrongDay("serial_60")
    if whole not in _SERIALS:
        raise WrongDay("day_unreadable")
    rule = "excel_1904" if is_1904 else "excel_serial"
    return _within(_FIRST[is_1904] + timedelta(days=whole), today), str(Precision.DAY), [rule]


def _text(text: str, today: date) -> tuple[date, str, list[str]]:
    rules = []
    timed = _TIMED.fullmatch(text)
    if timed:
        text = timed.group(1)
    if zeros := _ZEROS.fullmatch(text):
        text = zeros.group(1)
        rules.append("day_zero")
    if _TWO_DIGITS.fullmatch(text):
        raise WrongDay("year_two_digits")
    try:
        found = births.parse(text, today=today)
    except births.DayToCome as error:
        raise WrongDay("day_to_come") from error
    except births.NoSuchDay as error:
        raise WrongDay("day_impossible" if _looks_like(text) else "day_unreadable") from error
    if found.day is None:
        raise WrongDay("day_unreadable")
    return found.day, str(found.precision), rules


def _looks_like(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,2}[/.\- ](?:[0-9]{1,2}[/.\- ])?[0-9]{4}", text))


def _within(day: date, today: date) -> date:
    if day > today:
        raise WrongDay("day_to_come")
    if day.year < births.OLDEST_YEAR:
        raise WrongDay("day_unreadable")
    return day
