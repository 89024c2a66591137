"""Both clocks of a dossier against a brute force that looks at every minute."""

import os
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

import pytest

from xaso.dossiers import clocks
from xaso.dossiers.content.shape import Time, Verify
from xaso.kernel.working_time import engine, library
from xaso.kernel.working_time.calendar import Calendar
from xaso.kernel.working_time.queries import aware

CASES = 100_000 if os.environ.get("XASO_CHAOS") == "long" else 300
ORIGIN = datetime(2026, 1, 1)  # noqa: DTZ001  (the engine works on local time)
BY: Calendar = library.calendar(2026)
MINUTE = timedelta(minutes=1)


def works(t: datetime) -> bool:
    """Return whether the minute that begins at t is worked, by the slots alone."""
    at = t.hour * 60 + t.minute
    return any(start <= at < end for start, end in BY.slots(t.date()))


@cache
def minutes_of_years() -> bytearray:
    """Return one byte for every minute from ORIGIN on: 1 where it is worked."""
    return bytearray(works(ORIGIN + n * MINUTE) for n in range(420 * 24 * 60))


def walk(t: datetime, minutes: int) -> datetime:
    """Count worked minutes one by one."""
    worked, n = minutes_of_years(), (t - ORIGIN) // MINUTE
    for _ in range(minutes):
        n = worked.index(1, n) + 1
    return ORIGIN + n * MINUTE


def last_minute(day: date) -> datetime:
    end = max(end for _start, end in BY.slots(day))
    return datetime.combine(day, time(end // 60, end % 60))


def nth(day: date, n: int) -> date:
    while n:
        day += timedelta(days=1)
        n -= bool(BY.slots(day))
    return day


def brute(unit: str, n: int, t: datetime) -> tuple[datetime, datetime]:
    """Return both clocks, counted by hand."""
    if unit == "GIO":
        due = walk(t, 60 * n)
        return due, due
    if unit == "NGAY_LV":
        legal = last_minute(nth(t.date(), n))
        return min(walk(t, 480 * n), legal), legal
    works_today = bool(BY.slots(t.date()))
    in_time = t.hour * 60 + t.minute <= 900 and works_today and t < last_minute(t.date())
    due = last_minute(t.date() if in_time else nth(t.date(), 1))
    return due, due


def moments(seed: int, count: int):
    chance = Random(seed)  # noqa: S311  (repeatable)
    start = ORIGIN
    for _ in range(count):
        unit = chance.choice(("GIO", "NGAY_LV", "TRONG_NGAY_15H"))
        n = chance.randint(1, 6)
        yield unit, n, start + timedelta(minutes=chance.randrange(330 * 24 * 60))


@pytest.mark.chaos
def test_every_term_as_by_hand() -> None:
    wrong = []
    for unit, n, t in moments(11, CASES):
        due = clocks.first(Time(unit=unit, n=n), aware(t), BY)
        if (due.promise, due.legal) != brute(unit, n, t):
            wrong.append((unit, n, t))
    assert wrong == []


def test_a_promise_never_passes_the_law_whatever_happens() -> None:
    chance = Random(5)  # noqa: S311  (repeatable)
    for unit, n, t in moments(12, 200):
        due = clocks.first(
            Time(unit=unit, n=n, reduction=n - 1 if unit == "NGAY_LV" else 0), aware(t), BY
        )
        start = t + timedelta(minutes=chance.randrange(2_000))
        pause = clocks.pause(
            aware(start), aware(start + timedelta(minutes=chance.randrange(9_000)))
        )
        after = engine.resume(BY, due, pause)
        rule = Verify(kind=chance.choice(("extend_by", "replace_by")), unit="NGAY_LV", n=5)
        longer = clocks.verified(rule, after, BY, [pause])
        for each in (due, after, longer):
            assert each.promise <= each.legal
        assert longer.promise >= after.promise
        assert longer.legal >= after.legal


@pytest.mark.parametrize(
    ("kind", "n", "day"), [("extend_by", 5, 12), ("replace_by", 5, 7), ("replace_by", 1, 5)]
)
def test_two_kinds_of_verification(kind, n, day) -> None:
    accepted = datetime(2026, 11, 30, 9)  # noqa: DTZ001
    due = clocks.first(Time(unit="NGAY_LV", n=3), aware(accepted), BY)
    assert (due.promise.day, due.promise.month) == (3, 12)
    found = clocks.verified(Verify(kind=kind, unit="NGAY_LV", n=n), due, BY)
    expected = {12: (10, 12), 7: (7, 12), 5: (3, 12)}[day]
    assert (found.promise.day, found.promise.month) == expected
