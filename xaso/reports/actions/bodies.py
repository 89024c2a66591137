"""Outside bodies: a link for one report, their reply, and who is chased when they are silent."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import clean_text, spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import deadlines, hats
from xaso.reports.actions import steps, telling_office
from xaso.reports.history import Said
from xaso.reports.models import Body, ClockEntry, Forward, ForwardFile, Report, State

LINK_DAYS = 45  # after the body's own day; then the link opens nothing
MOST_FILES = 6


@dataclass(frozen=True)
class BodyReply:
    """What a body says: done, or declined with the reason; `files` are stored attachments."""

    text: str
    is_declined: bool = False
    files: Sequence[Attachment] = ()


@transaction.atomic
def make_link(forward: Forward, *, by: Actor) -> str:
    """Return a new secret for a body's link; the one before opens nothing any more.

    Only its digest is kept: the secret is shown this once. Refuses with NotFound when the body's
    time with the report is over.
    """
    row = _locked(forward)
    secret = secrets.token_urlsafe(32)
    row.link_token_hash = digest(secret)
    row.link_expires_at = max(clock.now(), row.child_due_at) + timedelta(days=LINK_DAYS)
    row.save(update_fields=["link_token_hash", "link_expires_at"])
    audit.record("reports.link_made", row, by=by, commune=row.commune_id)
    return secret


def digest(secret: str) -> str:
    """Return what is kept of a link's secret (256 random bits need no slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def as_body(forward: Forward) -> Actor:
    """Return who acts through a body's link."""
    return Actor("machine", f"{hats.LINK}{forward.pk}", "link")


@transaction.atomic
def opened(forward: Forward) -> None:
    """Note the first time somebody of the body read what is asked."""
    if forward.opened_at is None:
        Forward.objects.filter(pk=forward.pk, opened_at__isnull=True).update(opened_at=clock.now())


@transaction.atomic
def body_agrees(forward: Forward, *, by: Actor) -> Forward:
    """Say that the body takes the matter on."""
    row = _locked(forward)
    step = _step(row, "body_agree", by)
    row.agreed_at = step.now
    row.save(update_fields=["agreed_at"])
    step.finish(Said(facts={"body_name": row.body.name}))
    return row


@transaction.atomic
def body_replies(
    forward: Forward, reply: BodyReply, *, by: Actor, version: int | None = None
) -> Forward:
    """Keep what a body answered, by its link or as an official heard it; the unit is told.

    The report stays with the body until the unit answers the resident or takes it back.
    """
    row = _locked(forward)
    step = _step(row, "body_reply", by, version=version, text=reply.text)
    row.reply_text, row.replied_at = clean_text(reply.text)[:4_000], step.now
    row.outcome = "declined" if reply.is_declined else "answered"
    row.save(update_fields=["reply_text", "replied_at", "outcome"])
    for file in list(reply.files)[:MOST_FILES]:
        kept = {"commune_id": row.commune_id, "created_at": step.now}
        ForwardFile.objects.get_or_create(forward=row, attachment=file, defaults=kept)
    step.clock.append(stopped(step.report, row, step.now, by))
    said = {"body_name": row.body.name, "outcome": row.outcome, "files": len(reply.files)}
    step.finish(Said(internal=row.reply_text, facts=said))
    return row


@transaction.atomic
def chase(forward: Forward) -> Forward:
    """Remind a silent body; from its own day on the unit is told too.

    A reminder that was missed is not made up for: on the body's day there is one, the second.
    """
    row = _locked(forward)
    step = _step(row, "chase", SYSTEM)
    is_late = step.now >= row.child_due_at
    row.reminder_count, row.reminded_at = 2 if is_late else 1, step.now
    row.save(update_fields=["reminder_count", "reminded_at"])
    said = {"body_name": row.body.name, "number": row.reminder_count}
    done = step.finish(Said(facts=said))
    invite(row, row.body, what="body_reminded")
    if is_late:
        telling_office.tell_unit(done, "chased")
    return row


def has_reply(report: Report) -> bool:
    """Return whether the body a report is with has replied; true for one that is with nobody."""
    if report.state != State.FORWARDED:
        return True
    last = Forward.objects.filter(report=report).order_by("-id").first()
    return last is not None and last.replied_at is not None


def stopped(report: Report, forward: Forward, now: datetime, by: Actor) -> ClockEntry:
    """Return the ledger line that ends the body's own clock."""
    return deadlines.entry(
        report,
        ClockEntry.Clock.CHILD,
        effect=ClockEntry.Effect.RUN,
        from_at=forward.forwarded_at,
        to_at=now,
        due_at=forward.child_due_at,
        reason_code=forward.outcome,
        by=by.id,
    )


def invite(forward: Forward, body: Body, what: str = "body_asked") -> None:
    """Write to a body that has an e-mail address; the letter holds a fresh link and no words."""
    commune = Commune.objects.get(pk=forward.commune_id)
    if not body.email or not commune.host or "email" not in settings.XASO_CHANNELS:
        return
    secret = make_link(forward, by=SYSTEM)
    report = forward.report
    notifications.tell(
        f"reports.{what}",
        subject=report,
        commune=commune.id,
        recipients=[Recipient(f"body:{body.pk}", "email", body.email)],
        context={
            "code": spoken_code.grouped(report.code),
            "due": forward.child_due_at,
            "commune": commune.full_name,
            "phone": commune.phone,
            "private_address": f"https://{commune.host}/co-quan/{secret}/",
        },
        key=f"{report.code}/forward/{forward.pk}/{forward.reminder_count}",
    )


def _step(
    forward: Forward, action: str, by: Actor, version: int | None = None, text: str = ""
) -> steps.Step:
    current = steps.locked(forward.report)
    last = Forward.objects.filter(report=current).order_by("-id").first()
    if last is None or last.pk != forward.pk:
        raise NotFound
    facts = {"has_body_reply": last.replied_at is not None, "text": text}
    return steps.take(current, action, by=by, version=version, **facts)


def _locked(forward: Forward) -> Forward:
    """Return the row, locked after its report: the order in which every step locks."""
    steps.locked(forward.report)
    rows = Forward.objects.select_for_update(of=("self",)).select_related("report", "body")
    row = rows.filter(pk=forward.pk, commune=forward.commune_id).first()
    if row is None or row.report.state != State.FORWARDED:
        raise NotFound
    return row
