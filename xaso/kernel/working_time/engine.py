"""Deadlines, exact to the minute: working hours, working days, calendar days, months, same day.

The engine knows calendars, not tables or requests: naive local datetimes in, naive local
datetimes out, seconds dropped on entry. Every term has two clocks: `promise`, printed for the
resident and driving warnings, and `legal`, the last lawful instant; `promise <= legal` always.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from xaso.kernel.working_time.calendar import DAY_MINUTES, Calendar

SAME_DAY_UNTIL = 15 * 60  # Luật Hộ tịch 60/2014 art. 5.3; NĐ 23/2015 art. 7: "sau 15 giờ"


class Unit(StrEnum):
    """In what a term is counted."""

    HOURS = "GIO"  # working hours
    WORKING_DAYS = "NGAY_LV"
    DAYS = "NGAY"  # calendar days
    MONTHS = "THANG"
    SAME_DAY = "TRONG_NGAY_15H"  # in the day; received after 15:00, the next working day


COUNTED_BY_CALENDAR = frozenset({Unit.DAYS, Unit.MONTHS})


class BadTerm(ValueError):
    """The term or the pauses make no sense: no amount, an overlap, an end before its start."""


class Due(NamedTuple):
    """The two clocks of one matter, in naive local time.

    `unrolled` is the date before rolling over days off, for terms in calendar days and months.
    `receipt_required`: a same-day matter that is not settled in its day needs an appointment slip
    with hour and day (TT 01/2020/TT-BTP art. 2.1). A tuple, for a frozen dataclass takes three
    times as long to make, and lists reckon thousands.
    """

    unit: Unit
    n: int
    accepted_at: datetime
    clock_start: datetime
    promise: datetime
    legal: datetime
    unrolled: date | None = None
    receipt_required: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from the request for more until everything had come."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """How a matter stands at an instant; lateness compares instants, not minutes."""

    minutes_left: int
    percent_used: float
    is_overdue: bool
    is_legally_overdue: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A due after a new calendar: never earlier than what was promised."""

    promise: datetime
    legal: datetime
    is_later: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A citizen's duty in calendar days: the last day, and the lenient reading of it."""

    last_day: date
    last_day_rolled: date


@dataclass(frozen=True, slots=True)
class KpiClock:
    """Our reading and the national indicator's reading of one finished matter."""

    on_time_internal: bool
    effective_end: datetime
    on_time_kpi: bool


def minute(t: datetime) -> datetime:
    """Return the instant with its seconds dropped; an aware one is a fault and raises TypeError."""
    if t.tzinfo is not None:
        message = "the engine works on naive local time"
        raise TypeError(message)
    return t.replace(second=0, microsecond=0) if t.second or t.microsecond else t


# --- arithmetic -----------------------------------------------------------------------------------
def add(calendar: Calendar, t: datetime, minutes: int) -> datetime:
    """Return the earliest instant when so many working minutes after t are used up.

    0 minutes give the first working instant at or after t; a negative amount raises BadTerm.
    """
    if minutes > 0:
        return calendar.at(calendar.pos(t) + minutes)
    if minutes:
        raise BadTerm(minutes)
    return calendar.up(t)


def between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """Return the working minutes from a to b, negative when b comes first."""
    return calendar.pos(b) - calendar.pos(a)


def add_months(day: date, n: int) -> date:
    """Return the same day n months later, or the last day of a month that has no such day."""
    months = day.year * 12 + day.month - 1 + n
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- due ------------------------------------------------------------------------------------------
def due(
    calendar: Calendar,
    unit: Unit | str,
    n: int,
    accepted_at: datetime,
    *,
    same_day_until: int = SAME_DAY_UNTIL,
) -> Due:
    """Return both clocks of a term that starts when a matter is accepted.

    `n` counts units and is ignored for a same-day term; otherwise it must be at least 1.
    Raises BadTerm, or OutsideCalendar when the term leaves the calendar's span.
    """
    if unit.__class__ is not Unit:
        unit = Unit(unit)
    t = minute(accepted_at)
    if unit is not Unit.SAME_DAY and n < 1:
        raise BadTerm(n)
    start = calendar.up(t)
    unrolled = None
    if unit is Unit.HOURS:
        promise = legal = add(calendar, t, 60 * n)
    elif unit is Unit.WORKING_DAYS:
        legal = calendar.close(calendar.nth(t.date(), n))
        promise = min(add(calendar, t, DAY_MINUTES * n), legal)
    elif unit is Unit.SAME_DAY:
        promise = legal = _same_day(calendar, t, same_day_until)
    else:
        unrolled = t.date() + timedelta(days=n) if unit is Unit.DAYS else add_months(t.date(), n)
        promise = legal = calendar.close(calendar.roll(unrolled))
    slip = unit is Unit.SAME_DAY and legal.date() != t.date()
    return Due(unit, n, t, start, promise, legal, unrolled, slip)


def _same_day(calendar: Calendar, t: datetime, until: int) -> datetime:
    """Return the closing of the day, or of the next working day when it is too late today."""
    day = t.date()
    in_time = t.hour * 60 + t.minute <= until
    if in_time and calendar.is_working(day) and t < calendar.close(day):
        return calendar.close(day)
    return calendar.close(calendar.nth(day, 1))


# --- pause, extension, new calendar ---------------------------------------------------------------
def resume(calendar: Calendar, before: Due, pause: Pause) -> Due:
    """Return the clocks after a pause: working time lost is given back, lateness is kept."""
    start, end = minute(pause.start), minute(pause.end)
    if end < start:
        raise BadTerm(pause)
    if before.unrolled is not None:
        unrolled = before.unrolled + (end.date() - start.date())
        closing = calendar.close(calendar.roll(unrolled))
        return before._replace(promise=closing, legal=closing, unrolled=unrolled)
    shift = between(calendar, start, end)
    promise = calendar.at(calendar.pos(before.promise) + shift)
    if before.unit is Unit.HOURS:
        return before._replace(promise=promise, legal=promise)
    legal = calendar.close(calendar.at(calendar.pos(before.legal) + shift).date())
    if before.unit is Unit.SAME_DAY:
        promise = legal
    return before._replace(promise=min(promise, legal), legal=legal)


def resume_each(calendar: Calendar, first: Due, pauses: Sequence[Pause]) -> list[Due]:
    """Return the clocks after each pause, in the order they happened; an overlap raises BadTerm."""
    steps: list[Due] = []
    known = first
    before: Pause | None = None
    for pause in sorted(pauses, key=lambda each: each.start):
        if before and pause.start < before.end:
            raise BadTerm(pause)
        known, before = resume(calendar, known, pause), pause
        steps.append(known)
    return steps


def minutes_left(calendar: Calendar, matter: Due, now: datetime) -> int | None:
    """Return the working minutes to the promise, negative when late; None for calendar days."""
    if matter.unit in COUNTED_BY_CALENDAR:
        return None
    return between(calendar, minute(now), matter.promise)


def extend(calendar: Calendar, promise: datetime, new: datetime) -> datetime:
    """Return the new due of an extension, rounded up to a closing when nobody works then.

    Raises BadTerm when it is not later than the present one.
    """
    new = minute(new)
    if new <= promise:
        raise BadTerm(new)
    start = calendar.up(new)
    is_end_of_slot = any(end == new.hour * 60 + new.minute for _, end in calendar.slots(new.date()))
    return new if start == new or is_end_of_slot else calendar.close(start.date())


def moved(old: Due, recomputed: Due) -> Moved:
    """Return a due under a new calendar: only later, never earlier than what was promised."""
    promise = max(old.promise, recomputed.promise)
    legal = max(old.legal, recomputed.legal, promise)
    return Moved(promise, legal, promise > old.promise or legal > old.legal)


# --- how it stands --------------------------------------------------------------------------------
def total_minutes(calendar: Calendar, matter: Due, pauses: Sequence[Pause] = ()) -> int:
    """Return the working minutes a matter has from its start to its promise, pauses left out."""
    whole = between(calendar, matter.clock_start, matter.promise)
    return whole - paused_minutes(calendar, pauses)


def paused_minutes(calendar: Calendar, pauses: Sequence[Pause]) -> int:
    """Return the working minutes that passed while the clock stood still."""
    return sum(between(calendar, minute(each.start), minute(each.end)) for each in pauses)


def warn_instants(
    calendar: Calendar, matter: Due, percents: Sequence[int], pauses: Sequence[Pause] = ()
) -> list[datetime]:
    """Return when each share of the working time is used up; no alarm goes off in a holiday."""
    end = calendar.pos(matter.promise)
    total = total_minutes(calendar, matter, pauses)
    return [calendar.at(end - (100 - percent) * total // 100) for percent in percents]


def left(calendar: Calendar, matter: Due, now: datetime, pauses: Sequence[Pause] = ()) -> Left:
    """Return how a running matter stands now; `pauses` are those already over."""
    now = minute(now)
    total = total_minutes(calendar, matter, pauses)
    used = between(calendar, matter.clock_start, now) - paused_minutes(calendar, pauses)
    return Left(
        minutes_left=between(calendar, now, matter.promise),
        percent_used=round(100 * used / total, 1) if total else 100.0,
        is_overdue=now > matter.promise,
        is_legally_overdue=now > matter.legal,
    )


def duty(calendar: Calendar, event: date, days: int) -> Duty:
    """Return the last day of a citizen's duty; the day of the event does not count."""
    last = event + timedelta(days=days)
    return Duty(last, calendar.roll(last))


def kpi_clock(first: Due, latest: Due, pauses: Sequence[Pause], finished_at: datetime) -> KpiClock:
    """Return both readings of "on time": working time given back, and elapsed time subtracted.

    The national indicator's text does not say which it means, so both are kept and compared.
    """
    finished = minute(finished_at)
    away = sum((minute(each.end) - minute(each.start) for each in pauses), timedelta())
    effective_end = finished - away
    return KpiClock(finished <= latest.promise, effective_end, effective_end <= first.promise)
