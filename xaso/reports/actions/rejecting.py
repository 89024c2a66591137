"""What the commune does not handle, and the resident's right to have it looked at again."""

from datetime import datetime

from django.db import transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_text
from xaso.reports import catalogue, deadlines, searching
from xaso.reports.actions import steps, tasks
from xaso.reports.history import Said
from xaso.reports.models import ClockEntry, Report, Visibility

OBJECT_DAYS = 10  # working days
_HIDDEN = ("spam", "test", "abusive", "unlawful_content")


@transaction.atomic
def reject(
    report: Report, reason: str, text: str, *, by: Actor, version: int | None = None
) -> Report:
    """Say that a report is not handled, with a reason code and a sentence the sender reads."""
    current = steps.locked(report)
    called = current.events.filter(kind="note").exists()
    facts = {"reason": reason, "text": text, "has_called": called}
    step = steps.take(current, "reject", by=by, version=version, **facts)
    current.reason_code = reason
    current.closed_at = step.now
    current.acked_at = current.acked_at or step.now
    current.objection_until = objection_until(current, step.now)
    if reason in _HIDDEN and not current.is_sealed:
        current.visibility = Visibility.PRIVATE
        searching.index(current, catalogue.of(current.commune_id).name(current.category_id))
    return step.finish(Said(public=clean_text(text)[:1_000], facts={"reason": reason}))


@transaction.atomic
def object_to(report: Report, text: str, *, by: Actor, version: int | None = None) -> Report:
    """Ask to have a rejected report looked at again; the time since counts."""
    step = steps.begin(report, "object", by=by, version=version, text=text)
    step.report.reason_code = ""
    step.report.closed_at = step.report.objection_until = None
    return step.finish(Said(internal=clean_text(text)[:2_000]))


@transaction.atomic
def reopen(report: Report, text: str, *, by: Actor, version: int | None = None) -> Report:
    """Say that it is not done: a new clock starts, and the first answer stays in the figures."""
    current = steps.locked(report)
    step = steps.take(current, "reopen", by=by, version=version, text=text)
    due = deadlines.reopened(current.term, step.now, deadlines.calendar(current.commune_id))
    step.clock.append(
        deadlines.entry(
            current,
            ClockEntry.Clock.RESOLVE,
            effect=ClockEntry.Effect.RUN,
            from_at=step.now,
            due_before=current.due_at,
            due_at=due.due,
            text=clean_text(text)[:1_000],
            by=by.id,
        )
    )
    if by.kind == "resident":
        tasks.ask_for_review(current)
    current.reopen_count += 1
    current.due_at, current.legal_due_at = due.due, due.legal
    current.clock_start_at = due.clock_start
    current.calendar_id, current.calendar_version = due.calendar_id, due.calendar_version
    current.outcome, current.closed_at, current.objection_until = "", None, None
    return step.finish(
        Said(internal=clean_text(text)[:2_000], facts={"due_at": due.due.isoformat()})
    )


def objection_until(report: Report, now: datetime) -> datetime:
    """Return until when the sender can ask to have an end looked at again."""
    return deadlines.days_from(now, OBJECT_DAYS, deadlines.calendar(report.commune_id))
