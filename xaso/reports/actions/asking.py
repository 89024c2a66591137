"""The commune asks the sender for more; the clock stands still until they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_text
from xaso.reports import catalogue, deadlines
from xaso.reports.actions import photographs, steps
from xaso.reports.history import Said
from xaso.reports.models import ClockEntry, Photo, Report


@dataclass(frozen=True)
class Reply:
    """What the sender adds."""

    text: str = ""
    photos: Sequence[Attachment] = ()


@transaction.atomic
def ask_info(
    report: Report, text: str, *, by: Actor, reason: str = "", version: int | None = None
) -> Report:
    """Ask the sender something in plain words; residents with the second factor can read it."""
    step = steps.begin(report, "ask_info", by=by, version=version, text=text)
    current = step.report
    current.question_count += 1
    current.reason_code = reason
    current.acked_at = current.acked_at or step.now
    until = wait_until(current, step.now)
    step.clock.append(
        deadlines.entry(
            current,
            ClockEntry.Clock.WAIT,
            effect=ClockEntry.Effect.RUN,
            from_at=step.now,
            due_at=until,
            by=by.id,
        )
    )
    facts = {
        "reason": reason,
        "until": until.isoformat(),
        "left": deadlines.minutes_left(current, step.now, deadlines.calendar(current.commune_id)),
    }
    return step.finish(Said(public=clean_text(text)[:1_000], facts=facts))


@transaction.atomic
def give_info(report: Report, reply: Reply, *, by: Actor, version: int | None = None) -> Report:
    """Add what the sender answered; the clock goes on with what was left."""
    facts = {"text": reply.text, "photos": reply.photos}
    step = steps.begin(report, "give_info", by=by, version=version, **facts)
    resume(step)
    photographs.keep(step.report, reply.photos, Photo.Role.REPLY)
    return step.finish(
        Said(internal=clean_text(reply.text)[:4_000], facts={"photos": len(reply.photos)})
    )


@transaction.atomic
def go_on(report: Report, *, by: Actor, version: int | None = None) -> Report:
    """Work on without the sender's answer, once the time to give it is over."""
    current = steps.locked(report)
    until = wait_until(current, current.state_since)
    step = steps.take(current, "go_on", by=by, version=version, wait_until=until)
    resume(step)
    return step.finish()


def wait_until(report: Report, asked_at: datetime) -> datetime:
    """Return until when the commune waits for the sender."""
    days = catalogue.of(report.commune_id).wait_days
    return deadlines.days_from(asked_at, days, deadlines.calendar(report.commune_id))


def resume(step: steps.Step) -> None:
    """Move the promise by the working minutes of the pause that ends now."""
    report = step.report
    found = deadlines.resumed(report, step.now)
    step.clock.append(
        deadlines.entry(
            report,
            ClockEntry.Clock.RESOLVE,
            effect=ClockEntry.Effect.PAUSE,
            from_at=report.state_since,
            to_at=step.now,
            minutes=found.minutes,
            due_before=report.due_at,
            due_at=found.due,
            by=step.by.id,
        )
    )
    report.due_at, report.legal_due_at = found.due, found.legal
    report.calendar_id, report.calendar_version = found.calendar_id, found.calendar_version
