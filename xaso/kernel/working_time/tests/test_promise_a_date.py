"""An official promises a date; pauses, extensions and storms keep it honest."""

from datetime import date, datetime, timedelta

import pytest

from xaso.kernel.working_time import engine, explanation, library
from xaso.kernel.working_time.calendar import (
    BadCalendar,
    Calendar,
    Kind,
    OutsideCalendar,
    Season,
    Special,
    check_slots,
)
from xaso.kernel.working_time.engine import BadTerm, Pause, Unit
from xaso.kernel.working_time.explanation import DayKind
from xaso.kernel.working_time.tests.calendars import PLAIN, SEASONAL, SPAN, STORMY


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "end"),
    [
        (PLAIN, "2026-08-21T09:00", 2400, "2026-08-27T09:00"),  # Saturday 22/08 works
        (PLAIN, "2026-02-13T15:30", 1440, "2026-02-25T15:30"),  # Tết
        (PLAIN, "2026-05-04T07:30", 240, "2026-05-04T11:30"),  # not 13:00
        (PLAIN, "2026-05-04T07:30", 480, "2026-05-04T17:00"),  # not the next morning
        (PLAIN, "2026-05-04T12:10", 60, "2026-05-04T14:00"),  # from the lunch break
        (PLAIN, "2026-05-04T17:00", 0, "2026-05-05T07:30"),  # closing time is outside
        (SEASONAL, "2026-03-31T16:30", 120, "2026-04-01T08:30"),  # summer hours begin
        (STORMY, "2026-08-05T15:00", 480, "2026-08-11T09:30"),  # closed by decision
    ],
)
def test_working_minutes(calendar: Calendar, start: str, minutes: int, end: str) -> None:
    assert engine.add(calendar, at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("calendar", "term", "accepted", "promise", "legal"),
    [
        (PLAIN, "NGAY_LV 3", "2026-05-04T09:00", "2026-05-07T09:00", "2026-05-07T17:00"),
        (PLAIN, "NGAY_LV 2", "2026-05-08T18:00", "2026-05-12T17:00", "2026-05-12T17:00"),
        (STORMY, "NGAY_LV 3", "2026-08-05T15:00", "2026-08-12T17:00", "2026-08-12T17:00"),
        (PLAIN, "GIO 8", "2026-05-04T14:00", "2026-05-05T14:00", "2026-05-05T14:00"),
        (PLAIN, "NGAY 12", "2026-05-04T09:00", "2026-05-18T17:00", "2026-05-18T17:00"),
        (PLAIN, "THANG 1", "2028-01-31T09:00", "2028-02-29T17:00", "2028-02-29T17:00"),
        (PLAIN, "TRONG_NGAY_15H 0", "2026-05-04T15:00:45", "2026-05-04T17:00", "2026-05-04T17:00"),
        (PLAIN, "TRONG_NGAY_15H 0", "2026-05-04T15:01", "2026-05-05T17:00", "2026-05-05T17:00"),
        (STORMY, "TRONG_NGAY_15H 0", "2026-08-10T13:30", "2026-08-11T17:00", "2026-08-11T17:00"),
    ],
)
def test_both_clocks(
    calendar: Calendar, term: str, accepted: str, promise: str, legal: str
) -> None:
    unit, n = term.split()
    got = engine.due(calendar, unit, int(n), at(accepted))
    assert (got.promise, got.legal) == (at(promise), at(legal))


def test_a_same_day_matter_kept_overnight_needs_a_slip() -> None:
    assert not engine.due(PLAIN, Unit.SAME_DAY, 0, at("2026-05-04T10:00")).receipt_required
    assert engine.due(PLAIN, Unit.SAME_DAY, 0, at("2026-05-04T15:30")).receipt_required
    earlier = engine.due(PLAIN, Unit.SAME_DAY, 0, at("2026-05-04T14:30"), same_day_until=14 * 60)
    assert earlier.receipt_required


@pytest.mark.parametrize(("unit", "n"), [("GIO", 0), ("NGAY_LV", -1), ("NGAY", 0), ("TUAN", 1)])
def test_a_term_needs_an_amount_and_a_unit(unit: str, n: int) -> None:
    with pytest.raises(ValueError, match=f"{n}|TUAN"):
        engine.due(PLAIN, unit, n, at("2026-05-04T09:00"))


def test_the_engine_takes_local_time_only() -> None:
    with pytest.raises(TypeError):
        engine.due(PLAIN, "GIO", 1, at("2026-05-04T09:00+07:00"))
    with pytest.raises(BadTerm):
        engine.add(PLAIN, at("2026-05-04T09:00"), -1)


def test_waiting_for_the_resident_gives_the_time_back() -> None:
    first = engine.due(PLAIN, "NGAY_LV", 3, at("2026-05-04T09:00"))
    pause = Pause(at("2026-05-05T10:00"), at("2026-05-07T14:00"))
    after = engine.resume(PLAIN, first, pause)
    assert engine.minutes_left(PLAIN, first, pause.start) == 900
    assert (after.promise, after.legal) == (at("2026-05-11T11:30"), at("2026-05-12T17:00"))
    left = engine.left(PLAIN, after, at("2026-05-08T08:30"), [pause])
    assert (left.minutes_left, left.percent_used, left.is_overdue) == (660, 54.2, False)
    assert engine.warn_instants(PLAIN, after, [100], [pause]) == [after.promise]


def test_calendar_days_move_by_calendar_days() -> None:
    first = engine.due(PLAIN, "NGAY", 30, at("2026-05-04T09:00"))
    pauses = [
        Pause(at("2026-05-15T08:00"), at("2026-05-16T08:00")),
        Pause(at("2026-05-10T09:00"), at("2026-05-14T16:00")),
    ]
    after = engine.resume_each(PLAIN, first, pauses)[-1]
    assert (after.unrolled, after.promise) == (date(2026, 6, 8), at("2026-06-08T17:00"))
    assert engine.minutes_left(PLAIN, first, at("2026-05-10T09:00")) is None


def test_lateness_is_kept_not_forgiven() -> None:
    first = engine.due(PLAIN, "NGAY_LV", 3, at("2026-05-04T09:00"))
    after = engine.resume(PLAIN, first, Pause(at("2026-05-07T11:00"), at("2026-05-11T09:00")))
    assert engine.minutes_left(PLAIN, after, at("2026-05-11T09:00")) == -120


def test_pauses_that_overlap_or_run_backwards_are_refused() -> None:
    first = engine.due(PLAIN, "GIO", 8, at("2026-05-04T09:00"))
    one = Pause(at("2026-05-04T10:00"), at("2026-05-04T14:00"))
    two = Pause(at("2026-05-04T13:00"), at("2026-05-04T15:00"))
    with pytest.raises(BadTerm):
        engine.resume_each(PLAIN, first, [two, one])
    with pytest.raises(BadTerm):
        engine.resume(PLAIN, first, Pause(one.end, one.start))


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("2026-05-08T09:00", "2026-05-08T09:00"),
        ("2026-05-08T11:30", "2026-05-08T11:30"),  # a closing is a good due
        ("2026-05-08T12:15", "2026-05-08T17:00"),
        ("2026-05-09T09:00", "2026-05-11T17:00"),
    ],
)
def test_an_extension_ends_when_somebody_works(asked: str, given: str) -> None:
    promise = at("2026-05-07T09:00")
    assert engine.extend(PLAIN, promise, at(asked)) == at(given)
    with pytest.raises(BadTerm):
        engine.extend(PLAIN, promise, promise)


def test_late_on_a_saturday_by_the_clock_not_by_the_minutes() -> None:
    matter = engine.due(PLAIN, "NGAY_LV", 1, at("2026-05-07T17:00"))
    left = engine.left(PLAIN, matter, at("2026-05-09T12:00"))
    assert (left.minutes_left, left.percent_used) == (0, 100.0)
    assert left.is_overdue
    assert left.is_legally_overdue


def test_two_readings_of_on_time_disagree() -> None:
    first = engine.due(PLAIN, "NGAY_LV", 4, at("2026-05-04T16:00"))
    pauses = [Pause(at("2026-05-08T13:00"), at("2026-05-08T15:00"))]
    latest = engine.resume(PLAIN, first, pauses[0])
    kpi = engine.kpi_clock(first, latest, pauses, at("2026-05-11T08:30"))
    assert (kpi.on_time_internal, kpi.on_time_kpi) == (True, False)
    assert kpi.effective_end == at("2026-05-11T06:30")


def test_a_birth_is_reported_within_sixty_days() -> None:
    duty = engine.duty(PLAIN, date(2026, 2, 5), 15)
    assert (duty.last_day, duty.last_day_rolled) == (date(2026, 2, 20), date(2026, 2, 23))


def test_the_stronger_decision_rules_a_day() -> None:
    day = date(2026, 8, 22)  # a Saturday
    off = Special(day, Kind.OFF, "nghỉ")
    make_up = Special(day, Kind.MAKE_UP, "bù")
    closure = Special(day, Kind.CLOSURE, "bão", ((480, 600),))
    season = Season((1, 1), (12, 31), {1: ((450, 690),)}, {1: ((420, 720),), 6: ((480, 660),)})

    def slots(*specials: Special) -> Calendar:
        return Calendar([season], specials, SPAN)

    assert slots(closure, off, make_up).slots(day) == ((480, 600),)
    assert slots(make_up, off).slots(day) == ((450, 690),)
    assert slots(off).slots(day) == slots().slots(day) == ()
    assert slots().reception(day) == ((480, 660),)  # open, but no deadline runs
    assert slots(make_up).reception(day) == ((420, 720),)
    assert slots(off).reception(day) == ()
    assert slots(closure).reception(day) == ((480, 600),)


def test_a_season_that_no_one_wrote_has_no_hours() -> None:
    half_year = Calendar([Season((4, 1), (10, 31), {1: ((450, 690),)})], [], SPAN)
    assert half_year.slots(date(2026, 1, 5)) == half_year.reception(date(2026, 1, 5)) == ()
    assert half_year.roll(date(2026, 1, 5)) == date(2026, 4, 6)
    with pytest.raises(OutsideCalendar):
        half_year.close(date(2026, 1, 5))


@pytest.mark.parametrize(
    "slots",
    [((700, 600),), ((450, 690), (680, 720)), ((1400, 1441),), tuple((i, i + 1) for i in range(5))],
)
def test_slots_no_day_can_have(slots: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(BadCalendar):
        check_slots(slots)


def test_the_table_leaves_out_paused_time() -> None:
    first = engine.due(PLAIN, "GIO", 8, at("2026-05-08T14:00"))
    pause = Pause(at("2026-05-08T15:00"), at("2026-05-11T09:00"))
    matter = engine.resume(PLAIN, first, pause)
    rows = explanation.rows(PLAIN, matter, [pause])
    assert [(row.minutes, row.total, row.paused) for row in rows] == [
        (60, 60, 120),
        (0, 60, 0),
        (0, 60, 0),
        (390, 450, 90),
        (30, 480, 0),
    ]
    assert rows[0].note == "đồng hồ tạm dừng chờ bổ sung"


def test_calendar_days_show_only_where_they_rolled() -> None:
    rows = explanation.rows(PLAIN, engine.due(PLAIN, "NGAY", 30, at("2026-01-19T09:00")))
    assert rows[0].day == date(2026, 2, 18)
    assert rows[-1].day == date(2026, 2, 23)
    assert [row.kind for row in rows[2:4]] == [DayKind.OFF, DayKind.WEEKEND]


def test_a_weekday_that_never_works_is_named() -> None:
    mondays = Calendar([Season((1, 1), (12, 31), {1: ((450, 690),)})], [], SPAN)
    rows = explanation.rows(mondays, engine.due(mondays, "GIO", 5, at("2026-05-04T09:00")))
    assert rows[1].note == "không có giờ làm việc"


def test_the_library_misses_a_swap_that_we_know() -> None:
    known = {special.day: special for special in library.days([2026])}
    assert known[date(2026, 1, 2)].document_no == "12729/VPCP-KGVX"
    assert known[date(2026, 1, 10)].kind is Kind.MAKE_UP
    assert known[date(2026, 8, 22)].name == "làm bù cho 31/08/2026"
    assert known[date(2026, 11, 24)].kind is Kind.OFF
    assert date(2026, 1, 2) not in {special.day for special in library.days([2025])}


def test_november_asks_for_the_next_year() -> None:
    assert library.next_year_is_missing(date(2026, 11, 1), [2026])
    assert not library.next_year_is_missing(date(2026, 10, 31), [2026])
    assert not library.next_year_is_missing(date(2026, 12, 31), [2026, 2027])


def test_a_built_calendar_is_quick_to_ask() -> None:
    """Guards the method, not the machine: a year of terms needs no walk over days."""
    built = library.calendar(2026)
    t = at("2026-01-05T09:00")
    ends = [engine.add(built, t + timedelta(hours=n), 480 * 30) for n in range(2000)]
    assert ends == sorted(ends)
