"""A year as twelve months of weeks: what an administrator compares with the yearly decision."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date

from xaso.kernel.working_time.calendar import MONDAY, Calendar
from xaso.kernel.working_time.explanation import DayKind, day_kind


@dataclass(frozen=True, slots=True)
class Cell:
    """One day; `is_changed` against the version in force, `is_own` against the library."""

    day: date
    kind: DayKind
    name: str
    minutes: int
    is_changed: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One month: weeks of seven, None where a day belongs to another month."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(year: int, shown: Calendar, in_force: Calendar, library: Calendar) -> list[Month]:
    """Return a year's months; raises OutsideCalendar for a year a calendar does not know."""
    weeks = Weeks(firstweekday=MONDAY - 1)

    def cell(day: date) -> Cell | None:
        if day.month != month:
            return None
        kind, name = day_kind(shown, day)
        return Cell(
            day,
            kind,
            name,
            shown.minutes(day),
            day_kind(shown, day) != day_kind(in_force, day),
            day_kind(shown, day) != day_kind(library, day),
        )

    found = []
    for month in range(1, 13):
        days = weeks.monthdatescalendar(year, month)
        found.append(Month(month, tuple(tuple(cell(day) for day in week) for week in days)))
    return found


def exceptions(of: list[Month]) -> list[Cell]:
    """Return the days of a year that are not an ordinary working day, weekend or day of rest."""
    ordinary = {DayKind.WORK, DayKind.WEEKEND, DayKind.REST}
    return [
        cell
        for month in of
        for week in month.weeks
        for cell in week
        if cell and (cell.kind not in ordinary or cell.is_changed)
    ]
