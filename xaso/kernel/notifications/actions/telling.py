"""Tell people things: written in the transaction of the event, sent after its commit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import models
from django.template.loader import render_to_string
from django.utils import translation

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import channels, quiet, texts
from xaso.kernel.notifications.models import Message
from xaso.kernel.text.folding import clean_line
from xaso.kernel.working_time import clock

PRIVATE_LINK = "‹đường dẫn riêng›"  # stands in the outbox where the letter has the link
APART = timedelta(hours=2)  # between two messages to one person about one record
SEND = "notifications.send"


@dataclass(frozen=True)
class Recipient:
    """Who is told, and how: a key ("official:7", "device:9"), a channel and an address there.

    `fallback` is a phone that an official calls when the channel fails twice.
    """

    id: str
    channel: str
    address: str
    language: str = "vi"
    fallback: str = ""


@dataclass(frozen=True)
class _Event:
    name: str
    subject: models.Model
    commune: UUID
    key: str
    is_urgent: bool


def tell(  # noqa: PLR0913 - what, about which record, where, to whom, once: all by name
    event: str,
    *,
    subject: models.Model,
    commune: UUID,
    recipients: Iterable[Recipient],
    context: Mapping[str, Any],
    key: str,
    is_urgent: bool = False,
) -> list[Message]:
    """Put a message per recipient and channel into the outbox; told once however often called.

    The text is the calling room's template `<room>/mail/<what>.txt` (event `room.what`), first line
    the title; it must hold no personal data. `context["address"]` is where to look; one that opens
    something by itself comes as `context["private_address"]` and is kept sealed. `key` names
    this very event ("482915709/3"). Within two hours one person gets one message about a record:
    a later one waits and takes the place of those still waiting, unless it is urgent.
    """
    what = _Event(event, subject, commune, key, is_urgent)
    letters = [_message(what, each, context) for each in recipients]
    earlier = _earlier(what, letters)
    known = {each.pk for each in earlier}
    new = [each for each in letters if each.pk not in known]
    for each in new:
        _merge(each, earlier)
    Message.objects.bulk_create(new, ignore_conflicts=True)
    for each in new:
        put_off(each, each.next_at if each.next_at > clock.now() else None)
    return letters


def put_off(message: Message, run_at: datetime | None) -> None:
    """Have a message sent after the commit; what a person does waits for that person."""
    if channels.kind(message.channel).is_human:
        return
    args = {"message": str(message.pk)}
    jobs.later(SEND, commune=message.commune_id, key=str(message.pk), args=args, run_at=run_at)


def _earlier(event: _Event, letters: Sequence[Message]) -> list[Message]:
    """Return what the same people were told about the record lately, or still wait to be told.

    The waiting ones are locked; one that is being sent this moment is left out.
    """
    if not letters:
        return []
    rows = Message.objects.select_for_update(skip_locked=True).filter(
        commune=event.commune,
        subject_type=event.subject._meta.label,
        subject_id=str(event.subject.pk),
        recipient__in={each.recipient for each in letters},
    )
    lately = models.Q(sent_at__gt=clock.now() - APART) | models.Q(status=Message.Status.WAITING)
    return list(rows.filter(lately | models.Q(pk__in=[each.pk for each in letters])))


def _merge(message: Message, earlier: Iterable[Message]) -> None:
    """Let a message take the place of waiting ones, two hours after the last that was sent."""
    kind = channels.kind(message.channel)
    if not kind.merges or message.is_urgent:
        return
    same = [
        each
        for each in earlier
        if (each.recipient, each.channel) == (message.recipient, message.channel)
    ]
    for each in same:
        if each.status == Message.Status.WAITING and not each.is_urgent:
            message.attempts = max(message.attempts, each.attempts)
            each.status = Message.Status.MERGED
            each.save(update_fields=["status"])
    sent = [each.sent_at for each in same if each.sent_at]
    if sent and not kind.is_human:
        at = max(message.next_at, max(sent) + APART)
        message.next_at = quiet.earliest(at) if kind.wakes else at


def _message(event: _Event, recipient: Recipient, context: Mapping[str, Any]) -> Message:
    """Write the text in the recipient's language, cut to what the channel carries."""
    room, _dot, what = event.name.partition(".")
    private = str(context.get("private_address", ""))
    shown = dict(context) | ({"address": PRIVATE_LINK} if private else {})
    with translation.override(recipient.language):
        text = render_to_string(f"{room}/mail/{what}.txt", shown)
    head, _line, body = text.strip().partition("\n")
    title, link = clean_line(head)[:200], str(shown.get("address", ""))[:200]
    now, kind = clock.now(), channels.kind(recipient.channel)
    if kind.is_short:
        body = texts.sms(title, link) if kind.name == "sms" else texts.short(title, link)
    wakes = kind.wakes and not event.is_urgent
    return Message(
        id=message_id(event.commune, event.key, recipient.id, recipient.channel),
        commune_id=event.commune,
        event=event.name,
        subject_type=event.subject._meta.label,
        subject_id=str(event.subject.pk),
        key=event.key,
        recipient=recipient.id,
        channel=recipient.channel,
        address=recipient.address,
        fallback=recipient.fallback,
        title=title,
        link=link,
        private_link=private,
        body=body.strip() + "\n" if not kind.is_short else body,
        is_urgent=event.is_urgent,
        created_at=now,
        next_at=quiet.earliest(now) if wakes else now,
    )


def message_id(commune: UUID, key: str, recipient: str, channel: str) -> UUID:
    """Return a message's key: the same event for the same person always gives the same one."""
    return uuid5(commune, f"{key}\0{recipient}\0{channel}")
