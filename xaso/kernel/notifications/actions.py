"""Tell people things: written in the transaction of the event, sent after its commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import quiet
from xaso.kernel.notifications.letters import Letter, Undeliverable
from xaso.kernel.notifications.models import Message
from xaso.kernel.refusals import Refusal
from xaso.kernel.text.folding import clean_line
from xaso.kernel.text.masking import masked

_TRIES = 12
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=3)
_SEND = "notifications.send"


@dataclass(frozen=True)
class Recipient:
    """Who is told, and how: a key ("official:7", "device:9"), a channel and an address there."""

    id: str
    channel: str
    address: str
    language: str = "vi"


@dataclass(frozen=True)
class _Event:
    name: str
    subject: models.Model
    commune: UUID
    key: str
    is_urgent: bool


class NothingToSendAgain(Refusal):
    """The message was sent, or waits already."""

    sentence = _("Tin này đã gửi hoặc đang chờ gửi, không cần gửi lại.")


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
    the title; it must hold no personal data. `key` names this very event ("482915709/3").
    """
    what = _Event(event, subject, commune, key, is_urgent)
    letters = [_message(what, each, context) for each in recipients]
    Message.objects.bulk_create(letters, ignore_conflicts=True)
    for each in letters:
        later = each.next_at if each.next_at > timezone.now() else None
        _put_off(each, later)
    return letters


def send(message: UUID) -> Message | None:
    """Send one message if it still waits; note how it went and when to try again.

    The row stays locked while the channel is spoken to, so that two workers never send it both.
    """
    found = Message.objects.select_for_update(skip_locked=True).filter(pk=message).first()
    if found is None or found.status != Message.Status.WAITING:
        return None
    letter = Letter(str(found.pk), found.address, found.title, found.body)
    found.attempts += 1
    try:
        _adapter(found.channel).send(letter)
    except Undeliverable as error:
        found.status, found.error = Message.Status.FAILED, _said(error)
    except Exception as error:  # noqa: BLE001 - whatever a channel's library raises
        _try_again(found, error)
    else:
        found.status, found.error, found.sent_at = Message.Status.SENT, "", timezone.now()
    found.save()
    return found


@transaction.atomic
def send_again(message: Message, *, by: Actor) -> Message:
    """Let a message that was not taken be tried once more; refuses with NothingToSendAgain."""
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.status not in {Message.Status.FAILED, Message.Status.GIVEN_UP}:
        raise NothingToSendAgain
    found.status, found.attempts, found.next_at = Message.Status.WAITING, 0, timezone.now()
    found.save()
    audit.record("notifications.sent_again", found, by=by, commune=found.commune_id)
    _put_off(found, None)
    return found


def _message(event: _Event, recipient: Recipient, context: Mapping[str, Any]) -> Message:
    """Write the text in the recipient's language."""
    room, _dot, what = event.name.partition(".")
    with translation.override(recipient.language):
        text = render_to_string(f"{room}/mail/{what}.txt", dict(context))
    title, _line, body = text.strip().partition("\n")
    now = timezone.now()
    wakes = _adapter(recipient.channel).WAKES and not event.is_urgent
    return Message(
        # The same event for the same person gives the same key: a second call changes nothing.
        id=uuid5(event.commune, f"{event.key}\0{recipient.id}\0{recipient.channel}"),
        commune_id=event.commune,
        event=event.name,
        subject_type=event.subject._meta.label,
        subject_id=str(event.subject.pk),
        key=event.key,
        recipient=recipient.id,
        channel=recipient.channel,
        address=recipient.address,
        title=clean_line(title)[:200],
        body=body.strip() + "\n",
        is_urgent=event.is_urgent,
        next_at=quiet.earliest(now) if wakes else now,
    )


def _try_again(message: Message, error: Exception) -> None:
    """Note why it failed; put the next try off, or give up."""
    message.error = _said(error)
    if message.attempts >= _TRIES:
        message.status = Message.Status.GIVEN_UP
        return
    message.next_at = timezone.now() + min(_FIRST * 2 ** (message.attempts - 1), _LONGEST)
    _put_off(message, message.next_at)


def _put_off(message: Message, run_at: datetime | None) -> None:
    args = {"message": str(message.pk)}
    jobs.later(_SEND, commune=message.commune_id, key=str(message.pk), args=args, run_at=run_at)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {masked(str(error))}"[:200]


def _adapter(channel: str) -> ModuleType:
    return import_module(settings.XASO_CHANNELS[channel])
