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
    """How many working days more, why, the apology the resident reads, and who asked for it."""

    days: int
    reason: str
    text: str
    asked_by: str = ""


@transaction.atomic
def extend(report: Report, order: Extending, *, by: Actor, version: int | None = None) -> Report:
    """Approve a later date that somebody else asked for; both promises are published."""
    current = steps.locked(report)
    due, minutes = deadlines.extension(current, order.days)
    facts = {
        "reason": order.reason,
        "text": order.text,
        "due_at": due,
        "asked_by": order.asked_by,
    }
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
            by=order.asked_by,
            approved_by=by.id,
        )
    )
    current.due_at = due
    current.legal_due_at = max(current.legal_due_at, due)
    current.extension_count += 1
    said = {"reason": order.reason, "due_at": due.isoformat(), "days": order.days}
    return step.finish(Said(public=clean_text(order.text)[:1_000], facts=said))
