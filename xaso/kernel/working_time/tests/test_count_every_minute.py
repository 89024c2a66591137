"""The engine agrees with somebody who counts minute by minute, and keeps its own laws."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.working_time import engine
from xaso.kernel.working_time.calendar import Calendar, OutsideCalendar
from xaso.kernel.working_time.engine import Pause, Unit
from xaso.kernel.working_time.tests.calendars import OURS

MINUTE = timedelta(minutes=1)

CALENDARS = st.sampled_from(sorted(OURS)).map(OURS.__getitem__)
INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1)).map(engine.minute)  # noqa: DTZ001
UNITS = st.sampled_from(list(Unit))
AMOUNTS = st.integers(1, 40)
WAITS = st.tuples(st.integers(0, 9000), st.integers(0, 9000))  # minutes until a pause, and of it


def is_worked(calendar: Calendar, t: datetime) -> bool:
    minute = t.hour * 60 + t.minute
    return any(a <= minute < b for a, b in calendar.slots(t.date()))


def walk(calendar: Calendar, t: datetime, minutes: int) -> datetime:
    """Count worked minutes one after the other."""
    while minutes:
        minutes -= is_worked(calendar, t)
        t += MINUTE
    return t


@given(CALENDARS, INSTANTS, st.integers(1, 1500))
def test_adding_is_walking_minute_by_minute(calendar: Calendar, t: datetime, m: int) -> None:
    assert engine.add(calendar, t, m) == walk(calendar, t, m)


@given(CALENDARS, INSTANTS)
def test_the_first_working_instant_is_worked_and_nothing_before_it_is(
    calendar: Calendar, t: datetime
) -> None:
    first = engine.add(calendar, t, 0)
    assert is_worked(calendar, first)
    assert engine.between(calendar, t, first) == 0


@given(CALENDARS, INSTANTS, st.integers(0, 20_000))
def test_what_was_added_lies_between(calendar: Calendar, t: datetime, m: int) -> None:
    end = engine.add(calendar, t, m)
    assert engine.between(calendar, t, end) == m
    assert engine.between(calendar, end, t) == -m


@given(CALENDARS, UNITS, AMOUNTS, INSTANTS)
def test_the_promise_is_never_later_than_the_law(
    calendar: Calendar, unit: Unit, n: int, t: datetime
) -> None:
    got = engine.due(calendar, unit, n, t)
    assert t <= got.clock_start < got.promise <= got.legal


@given(CALENDARS, UNITS, AMOUNTS, INSTANTS, st.integers(0, 10_000))
def test_a_later_receipt_is_never_due_earlier(
    calendar: Calendar, unit: Unit, n: int, t: datetime, later: int
) -> None:
    first = engine.due(calendar, unit, n, t)
    second = engine.due(calendar, unit, n, t + later * MINUTE)
    assert first.promise <= second.promise
    assert first.legal <= second.legal


@given(CALENDARS, UNITS, AMOUNTS, INSTANTS)
def test_a_longer_term_is_never_due_earlier(
    calendar: Calendar, unit: Unit, n: int, t: datetime
) -> None:
    first, second = (engine.due(calendar, unit, each, t) for each in (n, n + 1))
    assert first.promise <= second.promise
    assert first.legal <= second.legal


@given(CALENDARS, UNITS, AMOUNTS, INSTANTS, st.integers(0, 30_000))
def test_a_pause_of_no_length_changes_nothing(
    calendar: Calendar, unit: Unit, n: int, t: datetime, after: int
) -> None:
    first = engine.due(calendar, unit, n, t)
    p = t + after * MINUTE
    assert engine.resume(calendar, first, Pause(p, p)) == first


@given(CALENDARS, UNITS, AMOUNTS, INSTANTS, WAITS)
def test_a_pause_never_takes_time_away(
    calendar: Calendar, unit: Unit, n: int, t: datetime, wait: tuple[int, int]
) -> None:
    first = engine.due(calendar, unit, n, t)
    pause = Pause(t + wait[0] * MINUTE, t + sum(wait) * MINUTE)
    got = engine.resume(calendar, first, pause)
    assert first.promise <= got.promise <= got.legal
    assert first.legal <= got.legal


@given(CALENDARS, AMOUNTS, INSTANTS, WAITS)
def test_hours_left_before_a_pause_are_left_after_it(
    calendar: Calendar, n: int, t: datetime, wait: tuple[int, int]
) -> None:
    first = engine.due(calendar, Unit.HOURS, n, t)
    pause = Pause(t + wait[0] * MINUTE, t + sum(wait) * MINUTE)
    resumed = engine.resume(calendar, first, pause)
    before = engine.minutes_left(calendar, first, pause.start)
    assert engine.minutes_left(calendar, resumed, pause.end) == before


@given(CALENDARS, UNITS, AMOUNTS, INSTANTS)
def test_warnings_come_in_order_and_end_at_the_promise(
    calendar: Calendar, unit: Unit, n: int, t: datetime
) -> None:
    matter = engine.due(calendar, unit, n, t)
    half, most, all_of_it = engine.warn_instants(calendar, matter, (50, 80, 100))
    assert half <= most <= all_of_it
    assert engine.between(calendar, all_of_it, matter.promise) == 0
    total = engine.total_minutes(calendar, matter)
    assert engine.between(calendar, matter.clock_start, half) == total - total // 2


@given(CALENDARS, CALENDARS, UNITS, AMOUNTS, INSTANTS)
def test_a_new_calendar_never_shortens_a_promise(
    old: Calendar, new: Calendar, unit: Unit, n: int, t: datetime
) -> None:
    before = engine.due(old, unit, n, t)
    after = engine.moved(before, engine.due(new, unit, n, t))
    assert before.promise <= after.promise <= after.legal
    assert after.is_later == ((after.promise, after.legal) != (before.promise, before.legal))


@given(st.dates(date(2023, 1, 1), date(2029, 1, 1)), st.integers(0, 60))
def test_months_keep_the_day_or_take_the_last_one(day: date, n: int) -> None:
    got = engine.add_months(day, n)
    assert (got.year * 12 + got.month) - (day.year * 12 + day.month) == n
    assert got.day == day.day or (got.day < day.day and (got + timedelta(days=1)).day == 1)


@pytest.mark.parametrize("far", [datetime(2019, 12, 31, 12), datetime(2037, 1, 1)])  # noqa: DTZ001
def test_outside_its_years_the_calendar_refuses(far: datetime) -> None:
    plain = OURS["plain"]
    for ask in (plain.pos, plain.up, lambda t: plain.slots(t.date())):
        with pytest.raises(OutsideCalendar):
            ask(far)
    with pytest.raises(OutsideCalendar):
        engine.add(plain, datetime(2036, 12, 30, 9), 100_000)  # noqa: DTZ001
    with pytest.raises(OutsideCalendar):
        plain.up(datetime(2036, 12, 31, 18))  # noqa: DTZ001
    with pytest.raises(OutsideCalendar):
        plain.at(0)
