"""Deadlines on aware datetimes, by a commune's published calendar.

Aware UTC in and out; inside, the engine works on local minutes. Every refusal here is a sentence:
a term that leaves the years a calendar knows raises TooFar.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock, engine, explanation, library, rows
from xaso.kernel.working_time.calendar import Calendar, OutsideCalendar
from xaso.kernel.working_time.engine import Left, Pause, Unit
from xaso.kernel.working_time.explanation import Explanation
from xaso.kernel.working_time.models import WorkCalendar

WARN_AT = (50, 80, 100)  # per cent of the working time
MOST_KEPT = 128  # calendars in memory, about 1 MB each

_KEPT: dict[tuple[int, datetime | None, int], Calendar] = {}


class TooFar(Refusal):
    """The day lies outside the years the working calendar knows."""

    sentence = _("Ngày này nằm ngoài lịch làm việc của xã nên chưa tính được ngày hẹn.")


@dataclass(frozen=True, slots=True)
class Due:
    """Both clocks of one matter, aware in UTC, and the calendar version that gave them.

    A room stores these columns, so that lists never call the engine. `calendar_id` None and
    `version` 0 mean the built-in calendar. `is_provisional`: the year of the due has no decided
    days off yet ("ngày hẹn tạm tính").
    """

    unit: Unit
    n: int
    accepted_at: datetime
    clock_start: datetime
    promise: datetime
    legal: datetime
    unrolled: date | None = None
    receipt_required: bool = False
    calendar_id: int | None = None
    version: int = 0
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A due recomputed by the newest calendar: never earlier than what was promised."""

    due: Due
    is_later: bool


# --- calendars ------------------------------------------------------------------------------------
def calendar(commune_id: UUID, day: date | None = None) -> Calendar:
    """Return the newest published calendar, or the newest that held on a day.

    One query; the calendar itself is kept in the process. Without a published one: the built-in.
    """
    found = published(commune_id, day)
    return _of(found) if found else builtin_calendar()


def published(commune_id: UUID, day: date | None = None) -> WorkCalendar | None:
    """Return the newest published version, or the newest that held on a day."""
    versions = WorkCalendar.objects.filter(
        commune_id=commune_id, state=WorkCalendar.State.PUBLISHED
    )
    if day is not None:
        versions = versions.filter(valid_from__lte=day)
    return versions.order_by("-version").first()


def newest(commune_id: UUID) -> Subquery:
    """Return the key of the newest published version, to be read together with something else."""
    versions = WorkCalendar.objects.filter(
        commune_id=commune_id, state=WorkCalendar.State.PUBLISHED
    )
    return Subquery(versions.order_by("-version").values("pk")[:1])


def read(version: WorkCalendar) -> Calendar:
    """Return the calendar of one version, a draft included."""
    return _of(version)


def draft(commune_id: UUID) -> WorkCalendar | None:
    """Return the version somebody is preparing, if any."""
    return WorkCalendar.objects.filter(
        commune_id=commune_id, state=WorkCalendar.State.DRAFT
    ).first()


def frozen(calendar_id: int | None) -> Calendar:
    """Return the very calendar a stored due was computed with; None means the built-in one."""
    if calendar_id is None:
        return builtin_calendar()
    return _of(WorkCalendar.objects.get(pk=calendar_id))


def builtin_calendar(around: int | None = None) -> Calendar:
    """Return the usual hours with the library's days off; needs no database."""
    return _builtin(around or _this_year())


def next_year_is_missing(commune_id: UUID, today: date) -> bool:
    """Return whether the banner of November must ask for next year's calendar."""
    found = published(commune_id)
    return library.next_year_is_missing(today, found.years if found else ())


# --- deadlines ------------------------------------------------------------------------------------
def due(
    unit: Unit | str,
    n: int,
    accepted_at: datetime,
    commune_id: UUID,
    *,
    same_day_until: int = engine.SAME_DAY_UNTIL,
) -> Due:
    """Return both clocks of a term accepted at an aware instant."""
    by = calendar(commune_id)
    with _known():
        got = engine.due(by, unit, n, naive(accepted_at), same_day_until=same_day_until)
    return _aware(got, by)


def add(t: datetime, minutes: int, commune_id: UUID) -> datetime:
    """Return the instant when so many working minutes after t are used up."""
    with _known():
        return aware(engine.add(calendar(commune_id), naive(t), minutes))


def between(a: datetime, b: datetime, commune_id: UUID) -> int:
    """Return the working minutes from a to b, negative when b comes first."""
    with _known():
        return engine.between(calendar(commune_id), naive(a), naive(b))


def resume(before: Due, pauses: Sequence[Pause], commune_id: UUID) -> Due:
    """Return the clocks after one or more pauses, by the newest calendar, never earlier."""
    by = calendar(commune_id)
    with _known():
        got = engine.resume_each(by, _naive(before), _local(pauses))
    return _aware(got[-1], by) if got else before


def extend(promise: datetime, new: datetime, commune_id: UUID) -> datetime:
    """Return the due of an extension, moved to a closing when nobody works then.

    Raises engine.BadTerm when it is not later than the present promise.
    """
    with _known():
        return aware(engine.extend(calendar(commune_id), naive(promise), naive(new)))


def warn_instants(
    matter: Due,
    commune_id: UUID,
    percents: Sequence[int] = WARN_AT,
    pauses: Sequence[Pause] = (),
) -> list[datetime]:
    """Return when 50, 80 and 100 per cent of the working time are used up."""
    by = calendar(commune_id)
    with _known():
        got = engine.warn_instants(by, _naive(matter), percents, _local(pauses))
    return [aware(t) for t in got]


def left(matter: Due, now: datetime, commune_id: UUID, pauses: Sequence[Pause] = ()) -> Left:
    """Return how a running matter stands now; `pauses` are those already over."""
    with _known():
        by = calendar(commune_id)
        return engine.left(by, _naive(matter), naive(now), _local(pauses))


def moved(old: Due, commune_id: UUID, pauses: Sequence[Pause] = ()) -> Moved:
    """Return an open matter's due by the newest calendar: later or unchanged, never earlier."""
    by = calendar(commune_id)
    with _known():
        fresh = engine.due(by, old.unit, old.n, naive(old.accepted_at))
        steps = engine.resume_each(by, fresh, _local(pauses))
    latest = steps[-1] if steps else fresh
    got = engine.moved(_naive(old), latest)
    new = replace(_aware(latest, by), promise=aware(got.promise), legal=aware(got.legal))
    return Moved(new, got.is_later)


def explain(
    matter: Due,
    *,
    pauses: Sequence[Pause] = (),
    first_promise: datetime | None = None,
    legal_basis: str = "",
    sureness: str = "",
) -> Explanation:
    """Return why a matter is due when it is, by the calendar it was computed with.

    `telling.rows`, `telling.lead` and `telling.law` put it on a page, `telling.lines` in text.
    """
    by = frozen(matter.calendar_id)
    local, stood = _naive(matter), tuple(_local(pauses))
    with _known():
        table = explanation.rows(by, local, stood)
    return Explanation(
        due=local,
        rows=table,
        pauses=stood,
        first_promise=naive(first_promise) if first_promise else None,
        legal_basis=legal_basis,
        sureness=sureness,
        calendar_version=matter.version,
        is_provisional=matter.is_provisional,
    )


def explain_term(start: datetime, unit: Unit, n: int, by: Calendar | None = None) -> Explanation:
    """Return the explanation of a term that starts at a naive local time; needs no database."""
    by = by or builtin_calendar()
    with _known():
        got = engine.due(by, unit, n, start)
        table = explanation.rows(by, got)
    return Explanation(got, table, calendar_version=by.version, is_provisional=_unsure(got, by))


# --- between aware and local ----------------------------------------------------------------------
def naive(t: datetime) -> datetime:
    """Return an aware instant as the commune's wall clock shows it, to the minute."""
    return dates.local(t).replace(tzinfo=None, second=0, microsecond=0)


def aware(t: datetime) -> datetime:
    """Return a wall-clock time of the commune as an aware instant in UTC."""
    return t.replace(tzinfo=dates.ZONE).astimezone(UTC)


def _aware(got: engine.Due, by: Calendar) -> Due:
    return Due(
        unit=got.unit,
        n=got.n,
        accepted_at=aware(got.accepted_at),
        clock_start=aware(got.clock_start),
        promise=aware(got.promise),
        legal=aware(got.legal),
        unrolled=got.unrolled,
        receipt_required=got.receipt_required,
        calendar_id=int(by.id) if by.id else None,
        version=by.version,
        is_provisional=_unsure(got, by),
    )


def _naive(matter: Due) -> engine.Due:
    return engine.Due(
        matter.unit,
        matter.n,
        naive(matter.accepted_at),
        naive(matter.clock_start),
        naive(matter.promise),
        naive(matter.legal),
        matter.unrolled,
        matter.receipt_required,
    )


def _local(pauses: Sequence[Pause]) -> list[Pause]:
    return [Pause(naive(each.start), naive(each.end)) for each in pauses]


def _unsure(got: engine.Due, by: Calendar) -> bool:
    return not {got.promise.year, got.legal.year} <= by.confirmed


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except OutsideCalendar as error:
        raise TooFar from error


def _this_year() -> int:
    return dates.local(clock.now()).year


@lru_cache(maxsize=8)
def _builtin(around: int) -> Calendar:
    return library.calendar(around)


def _of(version: WorkCalendar) -> Calendar:
    """Return a version's calendar; a published one is built once per process and year."""
    if version.state == WorkCalendar.State.DRAFT:
        return rows.build(version, _this_year())
    key = (version.pk, version.published_at, _this_year())
    if key not in _KEPT:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = rows.build(version, key[2])
    return _KEPT[key]
