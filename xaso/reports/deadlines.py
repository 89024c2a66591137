"""A report's clocks, by the commune's calendar. Times are aware; minutes are working minutes.

A promise frozen into a report is never silently computed again: every later move is a ledger line.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from xaso.kernel.text import dates
from xaso.kernel.working_time import clock, engine
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import DAY_MINUTES, Calendar
from xaso.kernel.working_time.engine import Pause
from xaso.kernel.working_time.explanation import Explanation
from xaso.kernel.working_time.queries import aware, naive
from xaso.reports.models import CategoryTerm, ClockEntry, Report

_WALL = CategoryTerm.Unit.WALL_MINUTE
_DAY = CategoryTerm.Unit.WORKING_DAY


@dataclass(frozen=True)
class Resumed:
    """Where the dates stand after a pause of so many working minutes, and by which calendar."""

    due: datetime
    legal: datetime
    minutes: int
    calendar_id: int | None
    calendar_version: int


@dataclass(frozen=True)
class Deadline:
    """When a report is due, and under which calendar that was computed."""

    clock_start: datetime
    due: datetime
    legal: datetime
    calendar_id: int | None
    calendar_version: int


def calendar(commune: UUID) -> Calendar:
    """Return the commune's newest published calendar; one statement, the rest is in memory."""
    return working_time.calendar(commune)


def frozen(report: Report) -> Calendar:
    """Return the calendar a report was promised by."""
    return kept(report.calendar_id)


def kept(calendar_id: int | None) -> Calendar:
    """Return a published calendar by its key; published ones never change, so it is kept."""
    return _frozen(calendar_id, dates.local(clock.now()).year)


@lru_cache(maxsize=128)
def _frozen(calendar_id: int | None, _year: int) -> Calendar:
    return working_time.frozen(calendar_id)


def resolve(term: CategoryTerm, start: datetime, by: Calendar) -> Deadline:
    """Return when an answer is due for a report received at `start`."""
    if term.resolve_unit == _WALL:
        due = start + timedelta(minutes=term.resolve_amount)
        return Deadline(start, due, due, None, 0)
    return _deadline(term.resolve_unit, term.resolve_amount, start, by)


def acknowledge(term: CategoryTerm, start: datetime, by: Calendar) -> datetime:
    """Return until when an official must have looked at it."""
    if term.resolve_unit == _WALL:
        return start + timedelta(minutes=term.ack_minutes)
    return later(start, term.ack_minutes, by)


def reopened(term: CategoryTerm, start: datetime, by: Calendar) -> Deadline:
    """Return the deadline of a reopened report."""
    return _deadline(_DAY, reopen_days(term), start, by)


def reopen_days(term: CategoryTerm) -> int:
    """Return the working days a reopened report gets: half the term unless the term says."""
    if term.reopen_amount:
        return term.reopen_amount
    return max(1, -(-term.resolve_amount // 2)) if term.resolve_unit == _DAY else 1


def resumed(report: Report, now: datetime) -> Resumed:
    """Return promise, legal date and paused minutes after a pause that began at `state_since`.

    Both move by the working minutes of the pause, as the engine does it: the legal date is rounded
    up to a closing, the promise never passes it; lateness that was there before stays. A calendar
    published since the report was promised can make both later, never earlier.
    """
    by = calendar(report.commune_id)
    start, end = naive(report.state_since), naive(now)
    minutes = max(0, engine.between(by, start, end))
    known = (report.calendar_id, report.calendar_version)
    if report.term.resolve_unit == _WALL:
        return Resumed(report.due_at, report.legal_due_at, minutes, *known)
    pause = Pause(start, max(start, end))
    before = _engine_due(report)
    found = engine.resume(by, before, pause) if minutes else before
    if by.id and int(by.id) != report.calendar_id:
        moved = engine.moved(found, _afresh(report, by, [pause]))
        if moved.is_later:
            found = found._replace(promise=moved.promise, legal=moved.legal)
            known = (int(by.id), by.version)
    return Resumed(aware(found.promise), aware(found.legal), minutes, *known)


def followed(report: Report, by: Calendar) -> tuple[datetime, datetime] | None:
    """Return later dates of an open report under a new calendar; None when nothing gets later."""
    if report.term.resolve_unit == _WALL or report.is_paused:
        return None
    before = _engine_due(report)
    found = engine.moved(before, _afresh(report, by, []))
    return (aware(found.promise), aware(found.legal)) if found.is_later else None


def _engine_due(report: Report) -> engine.Due:
    """Return the present dates of a report as the engine takes them."""
    unit = _DAY if report.reopen_count else report.term.resolve_unit
    return engine.Due(
        engine.Unit(unit),
        report.term.resolve_amount,
        naive(report.received_at),
        naive(report.clock_start_at),
        naive(report.due_at),
        naive(report.legal_due_at),
    )


def _afresh(report: Report, by: Calendar, more: list[Pause]) -> engine.Due:
    """Return what a calendar gives from the start: the term, every pause, every extension."""
    known = sorted(report.clock_entries.all(), key=lambda e: e.pk)  # they may be prefetched
    entries = [e for e in known if e.clock == ClockEntry.Clock.RESOLVE]
    starts = [n for n, e in enumerate(entries) if e.effect == ClockEntry.Effect.RUN]
    entries = entries[starts[-1] :] if starts else entries
    if report.reopen_count and starts:
        started, unit, amount = entries[0].from_at, str(_DAY), reopen_days(report.term)
    else:
        started, unit, amount = (
            report.received_at, report.term.resolve_unit, report.term.resolve_amount,
        )  # fmt: skip
    pauses = [
        Pause(naive(e.from_at), naive(e.to_at))
        for e in entries
        if e.effect == ClockEntry.Effect.PAUSE and e.to_at is not None
    ]
    first = engine.due(by, unit, amount, naive(started))
    steps = engine.resume_each(by, first, [*pauses, *more])
    latest = steps[-1] if steps else first
    extended = sum(e.minutes or 0 for e in entries if e.effect == ClockEntry.Effect.EXTEND)
    if not extended:
        return latest
    promise = engine.add(by, latest.promise, extended)
    return latest._replace(promise=promise, legal=max(latest.legal, promise))


def later(moment: datetime, minutes: int, by: Calendar) -> datetime:
    """Return the moment so many working minutes later; the moment itself for none."""
    return aware(engine.add(by, naive(moment), minutes)) if minutes else moment


def earlier(moment: datetime, minutes: int, by: Calendar) -> datetime:
    """Return the moment so many working minutes before."""
    return aware(by.at(by.pos(naive(moment)) - minutes))


def days_from(start: datetime, days: int, by: Calendar) -> datetime:
    """Return the close of the n-th working day after a day."""
    return _deadline(_DAY, days, start, by).legal


def working_days(start: datetime, days: int, by: Calendar) -> Deadline:
    """Return when so many working days after a moment are over, as a promise and by law."""
    return _deadline(_DAY, days, start, by)


def close_of(day: date, by: Calendar) -> datetime:
    """Return when the office closes on a local day, or on the next working one."""
    return aware(by.close(by.roll(day)))


def minutes_left(report: Report, now: datetime, by: Calendar) -> int:
    """Return the working minutes until the promise, negative once it has passed.

    While the clock pauses, what was left when it stopped.
    """
    moment = report.state_since if report.is_paused else now
    return engine.between(by, naive(moment), naive(report.due_at))


def worked(report: Report, now: datetime) -> int:
    """Return the working minutes since a report was received, pauses included."""
    return max(0, engine.between(frozen(report), naive(report.received_at), naive(now)))


def explain(report: Report) -> Explanation | None:
    """Return why a report is due when it is, day by day; nothing for a clock on the wall."""
    term = report.term
    if term.resolve_unit == _WALL or report.reopen_count or report.extension_count:
        return None
    pauses = []
    if report.question_count:  # nobody was asked, nothing paused
        entries = report.clock_entries.filter(effect=ClockEntry.Effect.PAUSE)
        pauses = [Pause(e.from_at, e.to_at) for e in entries if e.to_at is not None]
    matter = working_time.Due(
        unit=engine.Unit(term.resolve_unit),
        n=term.resolve_amount,
        accepted_at=report.received_at,
        clock_start=report.clock_start_at,
        promise=report.due_at,
        legal=report.legal_due_at,
        calendar_id=report.calendar_id,
        version=report.calendar_version,
    )
    first = report.first_due_at if report.first_due_at != report.due_at else None
    return working_time.explain(matter, pauses=pauses, first_promise=first, sureness=term.source)


def entry(report: Report, clock: str, **facts: object) -> ClockEntry:
    """Return a ledger line of a report, not yet saved."""
    return ClockEntry(
        commune_id=report.commune_id,
        report=report if report.pk else None,
        clock=clock,
        **{
            "calendar_id": report.calendar_id,
            "calendar_version": report.calendar_version,
            **facts,
        },
    )


def extension(report: Report, days: int) -> tuple[datetime, int]:
    """Return the new promise after so many more working days, and the minutes that adds.

    The days count from the old promise, or from now once that has passed.
    """
    by, more = calendar(report.commune_id), max(0, days) * DAY_MINUTES
    start = max(report.due_at, clock.now())
    passed = engine.between(by, naive(report.due_at), naive(start))
    return later(start, more, by), passed + more


def _deadline(unit: str, amount: int, start: datetime, by: Calendar) -> Deadline:
    due = engine.due(by, unit, amount, naive(start))
    key = int(by.id) if by.id else None
    return Deadline(aware(due.clock_start), aware(due.promise), aware(due.legal), key, by.version)
