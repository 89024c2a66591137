"""A dossier's two clocks, by the calendar of its commune. Times are aware; minutes work minutes.

What was promised is frozen into the dossier: every later move is a line of `ClockLine`, and it
only ever moves later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from xaso.dossiers.content.shape import Content, Time, Verify
from xaso.dossiers.models import ClockLine, Dossier
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock, engine
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import DAY_MINUTES, Calendar
from xaso.kernel.working_time.engine import Due, Pause, Unit
from xaso.kernel.working_time.queries import aware, naive

WARN_AT = (50, 80)
Effect = ClockLine.Effect


@dataclass(frozen=True)
class Moved:
    """Where both clocks stand after something moved them, and by which calendar."""

    due: Due
    minutes: int
    by: Calendar


def calendar(commune: UUID) -> Calendar:
    """Return the commune's newest published calendar; one statement, the rest is in memory."""
    return working_time.calendar(commune)


@lru_cache(maxsize=128)
def _kept(calendar_id: int | None, _year: int) -> Calendar:
    return working_time.frozen(calendar_id)


def kept(calendar_id: int | None) -> Calendar:
    """Return a published calendar by its key; published ones never change."""
    return _kept(calendar_id, dates.local(clock.now()).year)


def frozen(dossier: Dossier) -> Calendar:
    """Return the calendar a dossier was promised by."""
    return kept(dossier.calendar_id)


# --- acceptance -----------------------------------------------------------------------------------
def term(time: Time) -> tuple[Unit, int]:
    """Return the term by rule."""
    return Unit(time.unit), time.n


def first(time: Time, accepted: datetime, by: Calendar) -> Due:
    """Return both clocks of a dossier accepted at a moment.

    A commune that promises less than the rule allows moves the promise alone: the law's own
    last moment stays.
    """
    unit, n = term(time)
    start = naive(accepted)
    due = engine.due(by, unit, n, start, same_day_until=time.same_day_until)
    if not time.reduction or unit is Unit.SAME_DAY:
        return due
    sooner = engine.due(by, unit, max(1, n - time.reduction), start)
    return due._replace(promise=min(sooner.promise, due.promise))


def settle(dossier: Dossier, due: Due, by: Calendar, pauses: Sequence[Pause] = ()) -> None:
    """Write both clocks and what is computed from them into a dossier that is not saved yet."""
    dossier.clock_start_at = aware(due.clock_start)
    dossier.promise_at, dossier.legal_at = aware(due.promise), aware(due.legal)
    dossier.unrolled = due.unrolled
    dossier.term_unit, dossier.term_n = str(due.unit), due.n
    dossier.calendar_id = int(by.id) if by.id else None
    dossier.calendar_version = by.version
    dossier.is_provisional = not {due.promise.year, due.legal.year} <= by.confirmed
    if due.promise > due.clock_start:
        warn = engine.warn_instants(by, due, WARN_AT, pauses)
        dossier.warn50_at, dossier.warn80_at = aware(warn[0]), aware(warn[1])


def stored(dossier: Dossier) -> Due:
    """Return a dossier's clocks as the engine takes them."""
    assert dossier.accepted_at is not None  # noqa: S101  (accepted dossiers have a date)
    assert dossier.promise_at is not None  # noqa: S101
    assert dossier.legal_at is not None  # noqa: S101
    return Due(
        Unit(dossier.term_unit),
        dossier.term_n,
        naive(dossier.accepted_at),
        naive(dossier.clock_start_at or dossier.accepted_at),
        naive(dossier.promise_at),
        naive(dossier.legal_at),
        dossier.unrolled,
    )


# --- pause ----------------------------------------------------------------------------------------
def resumed(dossier: Dossier, now: datetime, lines: Sequence[ClockLine], time: Time) -> Moved:
    """Return the clocks when a pause ends now: working time is given back, lateness stays.

    A calendar published since then can make both later, never earlier.
    """
    by = calendar(dossier.commune_id)
    start = naive(dossier.paused_at or now)
    pause = Pause(start, max(start, naive(now)))
    minutes = max(0, engine.between(by, pause.start, pause.end))
    before = stored(dossier)
    found = engine.resume(by, before, pause) if minutes or before.unrolled else before
    if (int(by.id) if by.id else None) != dossier.calendar_id:
        found = _later(found, afresh(dossier, by, lines, time, [pause]))
    return Moved(found, minutes, by)


def afresh(
    dossier: Dossier,
    by: Calendar,
    lines: Sequence[ClockLine],
    time: Time,
    more: Sequence[Pause] = (),
) -> Due:
    """Return what a calendar gives from the start: the term, each verification, pause, extension.

    An extension names a day: it holds as it was given.
    """
    assert dossier.accepted_at is not None  # noqa: S101
    found, stood = first(time, dossier.accepted_at, by), list[Pause]()
    for line in sorted(lines, key=lambda each: each.pk):
        if line.effect == Effect.VERIFY and time.verify:
            found = verified(time.verify, found, by, stood)
        elif line.effect == Effect.PAUSE and line.to_at is not None:
            stood.append(Pause(naive(line.from_at), naive(line.to_at)))
            found = engine.resume(by, found, stood[-1])
        elif line.effect == Effect.EXTEND and line.promise_at is not None:
            found = _not_before(found, naive(line.promise_at))
    for pause in more:
        found = engine.resume(by, found, pause)
    return found


def followed(dossier: Dossier, by: Calendar, lines: Sequence[ClockLine], time: Time) -> Due | None:
    """Return later clocks of a running dossier under a new calendar; None if nothing is later."""
    before = stored(dossier)
    moved = engine.moved(before, afresh(dossier, by, lines, time))
    return before._replace(promise=moved.promise, legal=moved.legal) if moved.is_later else None


def _later(known: Due, fresh: Due) -> Due:
    moved = engine.moved(known, fresh)
    return known._replace(promise=moved.promise, legal=moved.legal)


def _not_before(due: Due, promise: datetime) -> Due:
    promise = max(due.promise, promise)
    return due._replace(promise=promise, legal=max(due.legal, promise))


# --- the longer term, the extension ---------------------------------------------------------------
def verified(rule: Verify, before: Due, by: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """Return the clocks when conditions have to be verified; never earlier than before.

    `replace_by`: the other term from acceptance stands in the place of the first, and the pauses
    there were (`pauses`) move it as they moved the first. `extend_by`: so much more on top.
    """
    unit = Unit(rule.unit)
    if rule.kind == "replace_by":
        found = engine.due(by, unit, rule.n, before.accepted_at)
        steps = engine.resume_each(by, found, pauses)
        found = steps[-1] if steps else found
    else:
        found = _more(before, unit, rule.n, by)
    moved = engine.moved(before, found)
    return found._replace(promise=min(moved.promise, moved.legal), legal=moved.legal)


def _more(before: Due, unit: Unit, n: int, by: Calendar) -> Due:
    """Return the clocks with so much more: both move by it, each from where it stands."""
    if unit is Unit.DAYS and before.unrolled is not None:
        last = before.unrolled + timedelta(days=n)
        closing = by.close(by.roll(last))
        return before._replace(promise=closing, legal=closing, unrolled=last)
    more = engine.due(by, unit, n, before.legal)
    if unit in engine.COUNTED_BY_CALENDAR:
        return more._replace(accepted_at=before.accepted_at, clock_start=before.clock_start)
    minutes = n * (DAY_MINUTES if unit is Unit.WORKING_DAYS else 60)
    promise = engine.add(by, before.promise, minutes)
    return before._replace(promise=min(promise, more.legal), legal=more.legal)


def extended(dossier: Dossier, new: datetime, by: Calendar) -> Due:
    """Return the clocks of an extension to a new date. Raises engine.BadTerm when not later."""
    before = stored(dossier)
    promise = engine.extend(by, before.promise, naive(new))
    return before._replace(promise=promise, legal=max(before.legal, promise))


# --- the rest -------------------------------------------------------------------------------------
def later(moment: datetime, minutes: int, by: Calendar) -> datetime:
    """Return the moment so many working minutes later; the moment itself for none."""
    return aware(engine.add(by, naive(moment), minutes)) if minutes else moment


def days_from(start: datetime, days: int, by: Calendar) -> datetime:
    """Return the close of the n-th working day after a day."""
    return aware(engine.due(by, Unit.WORKING_DAYS, days, naive(start)).legal)


def between(a: datetime, b: datetime, by: Calendar) -> int:
    """Return the working minutes from one moment to another."""
    return engine.between(by, naive(a), naive(b))


def minutes_left(dossier: Dossier, now: datetime, by: Calendar) -> int | None:
    """Return the working minutes to the promise, negative when late; None for calendar days.

    While the clock pauses: what was left when it stopped.
    """
    if dossier.promise_at is None:
        return None
    moment = dossier.paused_at or now
    return engine.minutes_left(by, stored(dossier), naive(moment))


def pause(start: datetime, end: datetime) -> Pause:
    """Return a pause in local time."""
    return Pause(naive(start), naive(end))


def pauses(lines: Sequence[ClockLine]) -> list[Pause]:
    """Return the pauses that are over, in local time, in their order."""
    return [
        Pause(naive(each.from_at), naive(each.to_at))
        for each in sorted(lines, key=lambda one: one.pk or 0)
        if each.effect == Effect.PAUSE and each.to_at is not None
    ]


def line(dossier: Dossier, effect: str, **facts: object) -> ClockLine:
    """Return a line of the ledger, not saved yet; the dates are those the dossier has now."""
    return ClockLine(
        commune_id=dossier.commune_id,
        dossier=dossier if dossier.pk else None,
        effect=effect,
        **{
            "promise_at": dossier.promise_at,
            "legal_at": dossier.legal_at,
            "calendar_id": dossier.calendar_id,
            "calendar_version": dossier.calendar_version,
            **facts,
        },
    )


def response_due(content: Content, submitted: datetime, by: Calendar) -> datetime:
    """Return until when the office owes an answer to what was handed in."""
    return later(submitted, content.time.response_hours * 60, by)
