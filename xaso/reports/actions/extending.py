"""The commune needs longer, says so before the date, and says sorry."""

from dataclasses import dataclass

from django.db import transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_text
from xaso.reports import deadlines
from xaso.reports.actions import steps
from xaso.reports.history import Said
from xaso.reports.models import ClockEntry, Report


@dataclass(frozen=True)
class Extending:
    """How many working days more, why, and the apology the resident reads."""

    days: int
    reason: str
    text: str
    asked_by: str = ""


@transaction.atomic
def extend(report: Report, order: Extending, *, by: Actor, version: int | None = None) -> Report:
    """Move the promised date; the first promise stays and both are published."""
    current = steps.locked(report)
    due, minutes = deadlines.extension(current, order.days)
    facts = {"reason": order.reason, "text": order.text, "due_at": due}
    step = steps.take(current, "extend", by=by, version=version, **facts)
    step.clock.append(
        deadlines.entry(
            current,
            ClockEntry.Clock.RESOLVE,
            effect=ClockEntry.Effect.EXTEND,
            from_at=step.now,
            minutes=minutes,
            due_before=current.due_at,
            due_at=due,
            reason_code=order.reason,
            text=clean_text(order.text),
            by=order.asked_by or by.id,
            approved_by=by.id,
        )
    )
    current.due_at = due
    current.legal_due_at = max(current.legal_due_at, due)
    current.extension_count += 1
    said = {"reason": order.reason, "due_at": due.isoformat(), "days": order.days}
    return step.finish(Said(public=clean_text(order.text)[:1_000], facts=said))
