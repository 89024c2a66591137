"""Looks every ten minutes for bodies that are silent: reminds, tells the unit, takes back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.calendar import DAY_MINUTES, Calendar
from xaso.reports import deadlines
from xaso.reports.actions import bodies, forwarding
from xaso.reports.models import Forward, State

TIMEOUT_DAYS = 2  # working days after the body's own day
TIMED_OUT = "timeout"


@dataclass(frozen=True)
class Chases:
    """When a body is reminded first, again, and when the commune takes the report back."""

    first: datetime
    second: datetime
    over: datetime


def chases(forward: Forward, by: Calendar) -> Chases:
    """Return the moments: one working day before the body's day, on it, two working days after."""
    due = forward.child_due_at
    return Chases(
        first=max(forward.forwarded_at, deadlines.earlier(due, DAY_MINUTES, by)),
        second=due,
        over=deadlines.days_from(due, TIMEOUT_DAYS, by),
    )


def chase_all() -> int:
    """Chase silent bodies in every commune; return how many steps were taken."""
    return sum(_chase_in(commune.id) for commune in places.communes())


def _chase_in(commune: UUID) -> int:
    with tenancy.inside(commune):
        rows = Forward.objects.filter(
            commune=commune, outcome="", report__state=State.FORWARDED
        ).select_related("report", "body")
        by = deadlines.calendar(commune)
        return sum(_chase(row, by) for row in rows.order_by("child_due_at", "id"))


def _chase(forward: Forward, by: Calendar) -> int:
    now, at = clock.now(), chases(forward, by)
    is_due = (forward.reminder_count == 0 and now >= at.first) or (
        forward.reminder_count == 1 and now >= at.second
    )
    try:
        if now >= at.over:
            forwarding.take_back(forward.report, TIMED_OUT, by=SYSTEM)
        elif is_due:
            bodies.chase(forward)
        else:
            return 0
    except Refusal:  # somebody acted at this very moment
        return 0
    return 1
