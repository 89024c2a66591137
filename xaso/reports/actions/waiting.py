"""The commune waits for a sender: reminds twice, then gives up, with the right to object."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, deadlines
from xaso.reports.actions import rejecting, steps
from xaso.reports.actions.asking import wait_until
from xaso.reports.history import Said
from xaso.reports.models import ClockEntry, Report, State

NO_REPLY = "no_reply"


@transaction.atomic
def give_up_waiting(report: Report, text: str, *, by: Actor, version: int | None = None) -> Report:
    """End a report whose sender did not answer, after the time to wait and two reminders.

    The sender reads why and can object, as after any rejection.
    """
    current = steps.locked(report)
    known = facts(current)
    step = steps.take(
        current, "give_up_waiting", by=by, version=version, text=text, reason=NO_REPLY, **known
    )
    current.reason_code = NO_REPLY
    current.closed_at = step.now
    current.objection_until = rejecting.objection_until(current, step.now)
    step.clock.append(
        deadlines.entry(
            current,
            ClockEntry.Clock.WAIT,
            effect=ClockEntry.Effect.RUN,
            from_at=current.state_since,
            to_at=step.now,
            reason_code=NO_REPLY,
            by=by.id,
        )
    )
    said = {"reason": NO_REPLY, "reminders": known["reminders"]}
    return step.finish(Said(public=clean_text(text)[:1_000], facts=said))


@transaction.atomic
def remind(report: Report) -> Report:
    """Remind the sender of the question. Refuses as the table does, and when it is not time yet."""
    current = steps.locked(report)
    known = facts(current)
    due = reminders_due(current)
    count = known.get("reminders", len(due))
    is_time = count < len(due) and due[count] <= clock.now()
    step = steps.take(current, "remind", by=SYSTEM, is_time=is_time)
    said = {"number": count + 1, "until": known["wait_until"].isoformat()}
    return step.finish(Said(facts=said))


def remind_all() -> int:
    """Remind every sender whose time has come, in every commune; return how many."""
    return sum(_remind_in(commune.id) for commune in places.communes())


def facts(report: Report) -> dict[str, Any]:
    """Return what the guards ask about waiting; nothing for a report that does not wait."""
    if not report.is_paused:
        return {}
    asked = Q(kind="remind", server_time__gte=report.state_since)
    return {
        "wait_until": wait_until(report, report.state_since),
        "reminders": report.events.filter(asked).count(),
        "reminders_needed": len(catalogue.of(report.commune_id).remind_days),
    }


def reminders_due(report: Report) -> list[datetime]:
    """Return when a sender is reminded of the question that stands."""
    by = deadlines.calendar(report.commune_id)
    days = catalogue.of(report.commune_id).remind_days
    return [deadlines.days_from(report.state_since, day, by) for day in days]


def _remind_in(commune: UUID) -> int:
    with tenancy.inside(commune):
        rows = Report.objects.filter(commune=commune, state=State.WAITING_INFO)
        done = 0
        for report in rows.order_by("state_since", "id"):
            due = reminders_due(report)
            count = facts(report)["reminders"]
            if count < len(due) and due[count] <= clock.now():
                done += _try(report)
    return done


def _try(report: Report) -> int:
    try:
        remind(report)
    except Refusal:  # somebody answered at this very moment
        return 0
    return 1
