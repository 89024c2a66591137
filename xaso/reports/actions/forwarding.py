"""A matter that belongs to someone else is passed on; the commune stays answerable."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_line, clean_text
from xaso.kernel.working_time import clock
from xaso.reports import deadlines, privacy
from xaso.reports.actions import bodies, steps
from xaso.reports.history import Said
from xaso.reports.models import Body, ClockEntry, Forward, Report


@dataclass(frozen=True)
class Forwarding:
    """To whom, what they are asked, by which local day."""

    body_id: int | None
    asked: str
    until: date | None = None
    reason: str = ""
    paper_no: str = ""


@transaction.atomic
def forward(report: Report, order: Forwarding, *, by: Actor, version: int | None = None) -> Report:
    """Pass a report on. The resident's clock runs on; the body gets one of its own."""
    current = steps.locked(report)
    body = Body.objects.filter(
        commune=current.commune_id, pk=order.body_id or 0, is_active=True
    ).first()
    child = _child_due(current, order, body)
    facts = {"body": body, "text": order.asked, "child_due_at": child}
    step = steps.take(current, "forward", by=by, version=version, **facts)
    assert body is not None  # noqa: S101  (the guard refused without one)
    row = Forward.objects.create(
        commune_id=current.commune_id,
        report=current,
        body=body,
        reason=clean_text(order.reason),
        asked=privacy.mask(clean_text(order.asked))[:2_000],
        child_due_at=child or current.due_at,
        forwarded_at=step.now,
        paper_no=clean_line(order.paper_no)[:60],
    )
    run = {"effect": ClockEntry.Effect.RUN, "from_at": step.now, "due_at": child, "by": by.id}
    step.clock.append(deadlines.entry(current, ClockEntry.Clock.CHILD, **run))
    current.acked_at = current.acked_at or step.now
    said = {
        "body": body.pk,
        "body_name": body.name,
        "child_due_at": (child or current.due_at).isoformat(),
    }
    done = step.finish(Said(facts=said))
    bodies.invite(row, body)
    return done


@transaction.atomic
def take_back(
    report: Report, outcome: str, *, by: Actor, text: str = "", version: int | None = None
) -> Report:
    """Take a forwarded report back: answered, declined, or out of time.

    What the body itself wrote stays; `text` is what an official heard from it.
    """
    step = steps.begin(report, "take_back", by=by, version=version, outcome=outcome)
    last = Forward.objects.filter(report=step.report).order_by("-id").first()
    if last is not None:
        last.outcome = outcome
        if not last.reply_text and text.strip():
            last.reply_text, last.replied_at = clean_text(text)[:4_000], step.now
        last.link_token_hash, last.link_expires_at = "", None  # the door is closed
        last.save()
        step.clock.append(bodies.stopped(step.report, last, step.now, by))
    return step.finish(Said(internal=clean_text(text)[:4_000], facts={"outcome": outcome}))


def _child_due(report: Report, order: Forwarding, body: Body | None) -> datetime | None:
    """Return the close of the day the body is given: the named one, or its usual time, in time."""
    if body is None:
        return None
    now = clock.now()
    by = deadlines.calendar(report.commune_id)
    usual = deadlines.days_from(now, body.usual_days, by)
    if order.until is None:
        return min(usual, report.due_at) if report.due_at > now else usual
    return deadlines.close_of(order.until, by)
