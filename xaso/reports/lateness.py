"""How much of its time each open report has used, computed when it is asked: no job is needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Sum

from xaso.kernel.identity import queries as identity
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time.calendar import DAY_MINUTES, Calendar
from xaso.kernel.working_time.queries import aware, naive
from xaso.reports import deadlines
from xaso.reports.models import OPEN, CategoryTerm, ClockEntry, Report, State
from xaso.reports.routing import reading

HALF, MOST, FULL, OVER = 50, 80, 100, 200  # per cent; OVER: two working days after the promise
OVER_DAYS = 2
_SHARES = (HALF, MOST, FULL)


@dataclass(frozen=True)
class Pressed:
    """An open report with a share of its time used up, and who is told of it."""

    report: Report
    level: int
    told: frozenset[int]  # officials

    @property
    def id(self) -> int:
        """Return the report's key."""
        return self.report.pk

    @property
    def due_at(self) -> datetime:
        """Return the promised moment."""
        return self.report.due_at

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.report.code)


def levels(
    report: Report, now: datetime, by: Calendar, paused_minutes: int = 0
) -> list[tuple[int, datetime]]:
    """Return when each share of a report's time is used up: 50, 80, 100 %, and two days late."""
    if report.term.resolve_unit == CategoryTerm.Unit.WALL_MINUTE:
        whole = report.due_at - report.clock_start_at
        found = [(share, report.clock_start_at + whole * share / 100) for share in _SHARES]
        return [*found, (OVER, report.due_at + timedelta(days=OVER_DAYS))]
    start, end = by.pos(naive(report.clock_start_at)), by.pos(naive(report.due_at))
    total = max(0, end - start - paused_minutes)
    found = [(share, aware(by.at(end - (100 - share) * total // 100))) for share in _SHARES[:-1]]
    over = deadlines.later(report.due_at, OVER_DAYS * DAY_MINUTES, by)
    return [*found, (FULL, report.due_at), (OVER, over)]


def level(report: Report, now: datetime, by: Calendar, paused_minutes: int = 0) -> int:
    """Return the highest share used up now; 0 below half, paused or answered."""
    if not report.is_open or report.is_paused:
        return 0
    passed = [share for share, at in levels(report, now, by, paused_minutes) if at <= now]
    return max(passed, default=0)


def pressed(commune: UUID, now: datetime) -> Sequence[Pressed]:
    """Return the open reports that used at least half of their time, most pressing first.

    Five statements, however many reports.
    """
    by = deadlines.calendar(commune)
    running = Report.objects.filter(commune=commune, state__in=OPEN, is_drill=False)
    running = running.exclude(state=State.WAITING_INFO).exclude(visibility="sealed")
    rows = list(running.select_related("term", "unit", "assignee", "village").order_by("due_at"))
    stood = _paused(commune, rows)
    here = _Office(commune, now)
    found = []
    for report in rows:
        share = level(report, now, by, stood.get(report.pk, 0))
        if share:
            found.append(Pressed(report, share, here.told(report, share)))
    return sorted(found, key=lambda each: (-each.level, each.due_at, each.id))


class _Office:
    """Who is told when nobody is in charge yet, and who leads; read once."""

    def __init__(self, commune: UUID, now: datetime) -> None:
        self.leaders = frozenset(
            person.pk for person in identity.members(commune, permission="reports.approve")
        )
        called = reading.around(commune, now).duty
        self.duty = frozenset(each.person_id for each in called[:1])

    def told(self, report: Report, share: int) -> frozenset[int]:
        """Return who is told of a share: the person, the head, the leaders."""
        head = {report.unit.head_id} if report.unit and report.unit.head_id else set()
        person = {report.assignee_id} if report.assignee_id else head or set(self.duty)
        who: dict[int, Iterable[int | None]] = {
            HALF: person,
            MOST: person | head,
            FULL: head | self.leaders,
            OVER: self.leaders,
        }
        return frozenset(key for key in who[share] if key)


def _paused(commune: UUID, rows: Sequence[Report]) -> dict[int, int]:
    """Return the working minutes each report stood still since its clock last started."""
    asked = [report.pk for report in rows if report.question_count]
    found = ClockEntry.objects.filter(
        commune=commune,
        report__in=asked,
        effect=ClockEntry.Effect.PAUSE,
        from_at__gte=F("report__clock_start_at"),
    )
    return dict(found.order_by().values_list("report").annotate(sum=Sum("minutes")))
