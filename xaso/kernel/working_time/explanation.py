"""Why this date: the days a term ran through, row by row.

Rows are facts (minutes, running total, what kind of day); their note is the plain Vietnamese the
page prints and a screen reader speaks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from xaso.kernel.working_time.calendar import SATURDAY, Calendar, Kind
from xaso.kernel.working_time.engine import COUNTED_BY_CALENDAR, Due, Pause

MINUTE = timedelta(minutes=1)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class DayKind(StrEnum):
    """Why a day counts as it does."""

    WORK = "work"
    WEEKEND = "weekend"
    REST = "rest"  # a weekday on which this commune never works
    OFF = "off"
    MAKE_UP = "make_up"
    CLOSED = "closed"
    PARTLY_CLOSED = "partly_closed"


_NOTES = {
    DayKind.WORK: "",
    DayKind.WEEKEND: "nghỉ cuối tuần",
    DayKind.REST: "không có giờ làm việc",
    DayKind.OFF: "{name}",
    DayKind.MAKE_UP: "ngày làm bù: {name}",
    DayKind.CLOSED: "đóng cửa: {name}",
    DayKind.PARTLY_CLOSED: "đóng cửa một phần: {name}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the table: minutes that counted, minutes so far, and why."""

    day: date
    minutes: int
    total: int
    kind: DayKind
    name: str = ""
    paused: int = 0

    @property
    def weekday(self) -> str:
        """Return the day of the week, as a heading: `Thứ Sáu`."""
        return WEEKDAYS[self.day.weekday()]

    @property
    def note(self) -> str:
        """Return the reason in plain Vietnamese; an ordinary working day needs none."""
        said = _NOTES[self.kind].format(name=self.name)
        stood = "đồng hồ tạm dừng chờ bổ sung" if self.paused else ""
        return "; ".join(part for part in (said, stood) if part)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the why-page says about one due, in naive local time."""

    due: Due
    rows: tuple[Row, ...]
    pauses: tuple[Pause, ...] = ()
    first_promise: datetime | None = None
    legal_basis: str = ""
    sureness: str = ""
    calendar_version: int = 0
    is_provisional: bool = False


def day_kind(calendar: Calendar, day: date) -> tuple[DayKind, str]:
    """Return what kind of day it is and the name of what made it so."""
    special = calendar.special(day)
    if special is None:
        if calendar.is_working(day):
            return DayKind.WORK, ""
        return (DayKind.WEEKEND if day.isoweekday() >= SATURDAY else DayKind.REST), ""
    if special.kind is Kind.CLOSURE:
        return (DayKind.PARTLY_CLOSED if special.open else DayKind.CLOSED), special.name
    return (DayKind.OFF if special.kind is Kind.OFF else DayKind.MAKE_UP), special.name


def rows(calendar: Calendar, matter: Due, pauses: Sequence[Pause] = ()) -> tuple[Row, ...]:
    """Return the table: from the day of receipt to the day of the promise.

    For terms in calendar days or months only the last day counted and the days it rolled over:
    the days between count alike, worked or not.
    """
    first = matter.accepted_at.date()
    if matter.unit in COUNTED_BY_CALENDAR and matter.unrolled is not None:
        first = matter.unrolled
    return tuple(_rows(calendar, matter, pauses, first))


def _rows(calendar: Calendar, matter: Due, pauses: Sequence[Pause], first: date) -> Iterator[Row]:
    total = 0
    for n in range((matter.promise.date() - first).days + 1):
        day = first + timedelta(days=n)
        window = (matter.clock_start, matter.promise)
        paused = sum(_within(calendar, day, window, (p.start, p.end)) for p in pauses)
        minutes = _within(calendar, day, window, window) - paused
        total += minutes
        kind, name = day_kind(calendar, day)
        yield Row(day, minutes, total, kind, name, paused)


def _within(
    calendar: Calendar,
    day: date,
    window: tuple[datetime, datetime],
    part: tuple[datetime, datetime],
) -> int:
    """Return the working minutes of a day that lie in both spans."""
    midnight = datetime.combine(day, time.min)
    start = (max(window[0], part[0]) - midnight) // MINUTE
    end = (min(window[1], part[1]) - midnight) // MINUTE
    return sum(max(0, min(end, b) - max(start, a)) for a, b in calendar.slots(day))
