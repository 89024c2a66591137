"""The hundred worked deadline examples hold, each by its own operation."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from xaso.kernel.working_time import engine, explanation, library
from xaso.kernel.working_time.calendar import Calendar, Kind
from xaso.kernel.working_time.tests.calendars import read

Said = dict[str, Any]
Calendars = dict[str, Calendar]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(t: datetime) -> str:
    return t.strftime("%Y-%m-%dT%H:%M")


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def due(calendar: Calendar, said: Said) -> engine.Due:
    return engine.due(calendar, said["unit"], said["n"], at(said["accepted_at"]))


def check_add(calendar: Calendar, said: Said, _: Calendars) -> Said:
    return {"end": shown(engine.add(calendar, at(said["start"]), said["minutes"]))}


def check_between(calendar: Calendar, said: Said, _: Calendars) -> Said:
    return {"minutes": engine.between(calendar, at(said["start"]), at(said["end"]))}


def check_day(calendar: Calendar, said: Said, _: Calendars) -> Said:
    day = date.fromisoformat(said["date"])
    slots = [[clock(a), clock(b)] for a, b in calendar.slots(day)]
    return {"working": calendar.is_working(day), "slots": slots}


def check_next_working_instant(calendar: Calendar, said: Said, _: Calendars) -> Said:
    return {"result": shown(calendar.up(at(said["at"])))}


def check_due(calendar: Calendar, said: Said, _: Calendars) -> Said:
    got = due(calendar, said)
    return {name: shown(getattr(got, name)) for name in ("clock_start", "promise", "legal")}


def check_pause(calendar: Calendar, said: Said, _: Calendars) -> Said:
    first = due(calendar, said)
    pauses = [engine.Pause(at(a), at(b)) for a, b in said["pauses"]]
    before, steps = first, []
    for pause, after in zip(pauses, engine.resume_each(calendar, first, pauses), strict=True):
        steps.append(
            {
                "paused_at": shown(pause.start),
                "resumed_at": shown(pause.end),
                "minutes_left_at_pause": engine.minutes_left(calendar, before, pause.start),
                "promise": shown(after.promise),
                "legal": shown(after.legal),
            }
        )
        before = after
    return {
        "first_promise": shown(first.promise),
        "first_legal": shown(first.legal),
        "after_each": steps,
        "promise": shown(before.promise),
        "legal": shown(before.legal),
    }


def check_warn(calendar: Calendar, said: Said, _: Calendars) -> Said:
    matter = due(calendar, said)
    instants = engine.warn_instants(calendar, matter, said["percent"])
    return {
        "total_minutes": engine.total_minutes(calendar, matter),
        "at": [shown(t) for t in instants],
    }


def check_remaining(calendar: Calendar, said: Said, _: Calendars) -> Said:
    left = engine.left(calendar, due(calendar, said), at(said["now"]))
    return {
        "minutes_left": left.minutes_left,
        "percent_used": left.percent_used,
        "overdue": left.is_overdue,
        "legal_overdue": left.is_legally_overdue,
    }


def check_calendar_change(_: Calendar, said: Said, calendars: Calendars) -> Said:
    old = due(calendars[said["old_calendar"]], said)
    new = due(calendars[said["new_calendar"]], said)
    moved = engine.moved(old, new)
    return {
        "old_promise": shown(old.promise),
        "recomputed": shown(new.promise),
        "promise": shown(moved.promise),
        "event": moved.is_later,
    }


def check_duty(calendar: Calendar, said: Said, _: Calendars) -> Said:
    duty = engine.duty(calendar, date.fromisoformat(said["event_date"]), said["days"])
    return {
        "last_day": duty.last_day.isoformat(),
        "last_day_rolled": duty.last_day_rolled.isoformat(),
    }


def check_kpi_clock(calendar: Calendar, said: Said, _: Calendars) -> Said:
    first = due(calendar, said)
    pauses = [engine.Pause(at(said["paused_at"]), at(said["resumed_at"]))]
    latest = engine.resume_each(calendar, first, pauses)[-1]
    kpi = engine.kpi_clock(first, latest, pauses, at(said["finished_at"]))
    return {
        "first_promise": shown(first.promise),
        "promise": shown(latest.promise),
        "on_time_internal": kpi.on_time_internal,
        "kpi_effective_end": shown(kpi.effective_end),
        "on_time_kpi": kpi.on_time_kpi,
    }


def check_explain(calendar: Calendar, said: Said, _: Calendars) -> Said:
    matter = due(calendar, said)
    rows = [
        {
            "date": row.day.isoformat(),
            "weekday": row.weekday,
            "minutes": row.minutes,
            "total": row.total,
            "note": row.note,
        }
        for row in explanation.rows(calendar, matter)
    ]
    return {"promise": shown(matter.promise), "rows": rows}


CHECKS: dict[str, Callable[[Calendar, Said, Calendars], Said]] = {
    name.removeprefix("check_"): check
    for name, check in list(globals().items())
    if name.startswith("check_")
}


def test_every_shared_example(shared_data, subtests: pytest.Subtests) -> None:
    oracle = shared_data("working_time_examples.json")
    calendars = {name: read(said) for name, said in oracle["calendars"].items()}
    assert len(oracle["examples"]) == 100
    for example in oracle["examples"]:
        with subtests.test(example["id"], why=example["why"]):
            check = CHECKS[example["op"]]
            calendar = calendars[example["calendar"]]
            assert check(calendar, example["input"], calendars) == example["expected"]


def test_the_built_in_calendar_is_the_reference_calendar(shared_data) -> None:
    base = read(shared_data("working_time_examples.json")["calendars"]["BASE"])
    built_in = library.calendar(2027)
    day = date(2024, 1, 1)
    while day < date(2031, 1, 1):
        assert built_in.slots(day) == base.slots(day), day
        day = date.fromordinal(day.toordinal() + 1)
    assert [s.day for s in built_in.specials() if s.kind is Kind.MAKE_UP and s.day.year > 2023] == [
        s.day for s in base.specials() if s.kind is Kind.MAKE_UP
    ]
