"""Days known in part: typed, shown, compared, and the ages they allow.

`1987` is kept as 1987-01-01 with the precision `year`, and 01/01 is never printed. An age of
somebody whose day is not known is a range.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.refusals import Refusal
from xaso.population.models.words import Precision

OLDEST_YEAR = 1850
_TYPED = re.compile(r"(?:(?:([0-9]{1,2})[/.\- ])?([0-9]{1,2})[/.\- ])?([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class NoSuchDay(Refusal):
    """What was typed is no day, no month and no year."""

    sentence = gettext_lazy(
        "Ngày này chưa đúng. Bác ghi ngày/tháng/năm, ví dụ 5/1/1987; chỉ biết năm thì ghi 1987."
    )
    status = 422


class DayToCome(NoSuchDay):
    """The day has not come yet."""

    sentence = gettext_lazy("Ngày này chưa tới. Bác xem lại giúp.")


@dataclass(frozen=True)
class Partial:
    """A day as far as it is known."""

    day: date | None = None
    precision: str = Precision.UNKNOWN

    def __str__(self) -> str:
        """Return what is printed."""
        return shown(self.day, self.precision)


def parse(text: str, *, today: date) -> Partial:
    """Return the day somebody typed: `5/1/1987`, `01/1987`, `1987`, or nothing at all.

    Day before month, as people write here. Refuses with NoSuchDay (29/2 of a common year, years of
    two digits, digits of other scripts) and DayToCome.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return Partial()
    found = _ISO.fullmatch(typed)
    parts = tuple(reversed(found.groups())) if found else ()
    if not parts:
        same = _TYPED.fullmatch(typed)
        if same is None:
            raise NoSuchDay
        parts = same.groups()
    return _checked(parts, today)


def _checked(parts: tuple[str | None, ...], today: date) -> Partial:
    day, month, year = parts
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        known = date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError:
        raise NoSuchDay from None
    if known.year < OLDEST_YEAR:
        raise NoSuchDay
    if known > today:
        raise DayToCome
    return Partial(known, precision)


def shown(day: date | None, precision: str) -> str:
    """Return a day as far as it is known: `05/01/1987`, `01/1987`, `1987`, `không rõ`."""
    if day is None or precision == Precision.UNKNOWN:
        return _("không rõ")
    if precision == Precision.YEAR:
        return f"{day.year}"
    if precision == Precision.MONTH:
        return f"{day.month:02d}/{day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def ages(day: date | None, precision: str, on: date) -> tuple[int, int] | None:
    """Return the least and greatest age somebody may have on a day; None when nobody knows.

    Born on 29 February, one is a year older on 1 March of a common year.
    """
    if day is None or precision == Precision.UNKNOWN:
        return None
    if precision == Precision.DAY:
        age = _age(day.month, day.day, day.year, on)
        return age, age
    if precision == Precision.MONTH:
        latest, earliest = (day.month, 31), (day.month, 1)
    else:
        latest, earliest = (12, 31), (1, 1)
    return max(0, _age(*latest, day.year, on)), max(0, _age(*earliest, day.year, on))


def age_shown(day: date | None, precision: str, on: date) -> str:
    """Return an age as it is printed: `39`, `38–39`, or nothing."""
    found = ages(day, precision, on)
    if found is None:
        return ""
    return f"{found[0]}" if found[0] == found[1] else f"{found[0]}–{found[1]}"


def _age(month: int, day: int, year: int, on: date) -> int:
    return on.year - year - ((on.month, on.day) < (month, day))


def may_be_same(a: Partial, b: Partial) -> bool:
    """Return whether two days may be one, at the coarser of both precisions."""
    if a.day is None or b.day is None:
        return True
    if a.day.year != b.day.year:
        return False
    coarse = {a.precision, b.precision}
    if Precision.YEAR in coarse:
        return True
    return a.day.month == b.day.month and (Precision.MONTH in coarse or a.day == b.day)


def birthday(born: date, year: int) -> date:
    """Return the day of a year on which somebody becomes older."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
