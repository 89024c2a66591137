"""A new calendar moves open promises: only later, never earlier, and each move is said."""

from uuid import UUID

from django.db import transaction

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import queries as places
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import Calendar
from xaso.reports import deadlines
from xaso.reports.actions import steps
from xaso.reports.history import Said
from xaso.reports.models import OPEN, Catalogue, ClockEntry, Report, State

REASON = "calendar"


def follow_calendar_later(commune: UUID) -> None:
    """Put the work off until after the calendar's transaction; a job also looks by itself."""
    jobs.later("reports.follow_calendar", commune=commune, key=str(commune))


def follow_calendars() -> int:
    """Look in every commune for a calendar nobody followed yet; return how many reports moved."""
    return sum(_follow_in(commune.id) for commune in places.communes())


@transaction.atomic
def follow_calendar(commune: UUID) -> int:
    """Compare open reports with the newest calendar; return how many got a later date.

    Running ones move now; paused ones are compared when they go on. Done once per calendar, and
    again harmlessly: dates only move later.
    """
    newest = working_time.published(commune)
    held = Catalogue.objects.select_for_update().filter(commune=commune).first()
    if newest is None or held is None or held.followed_calendar == newest.pk:
        return 0
    by = deadlines.calendar(commune)
    rows = Report.objects.filter(commune=commune, state__in=OPEN).exclude(state=State.WAITING_INFO)
    behind = rows.exclude(calendar_id=newest.pk).select_related("term").order_by("pk")
    moved = sum(_follow(report, by) for report in behind.iterator(chunk_size=500))
    Catalogue.objects.filter(pk=held.pk).update(followed_calendar=newest.pk)
    return moved


def _follow_in(commune: UUID) -> int:
    with tenancy.inside(commune):
        return follow_calendar(commune)


def _follow(report: Report, by: Calendar) -> bool:
    found = deadlines.followed(report, by)
    if found is None:
        return False
    due, legal = found
    step = steps.begin(report, "follow_calendar", by=SYSTEM, due_at=due)
    current = step.report
    step.clock.append(
        deadlines.entry(
            current,
            ClockEntry.Clock.RESOLVE,
            effect=ClockEntry.Effect.CALENDAR,
            from_at=step.now,
            due_before=current.due_at,
            due_at=due,
            reason_code=REASON,
            by=SYSTEM.id,
            calendar_id=int(by.id) if by.id else None,
            calendar_version=by.version,
        )
    )
    said = {
        "due_before": current.due_at.isoformat(),
        "due_at": due.isoformat(),
        "calendar": by.version,
    }
    current.due_at, current.legal_due_at = due, legal
    current.calendar_id, current.calendar_version = int(by.id) if by.id else None, by.version
    step.finish(Said(facts=said))
    return True
