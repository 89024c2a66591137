"""The call list: told by phone, as somebody wishes it or because every other way failed."""

from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.notifications import quiet
from xaso.kernel.notifications.actions import telling
from xaso.kernel.notifications.models import Message
from xaso.kernel.refusals import Refusal
from xaso.kernel.working_time import clock

Outcome = Literal["told", "no_answer", "wrong_number"]
Status = Message.Status
_MOST_CALLS = 3
_NEXT_CALL = timedelta(hours=2)


class AlreadyCalled(Refusal):
    """Somebody else called, or a later message took this one's place."""

    sentence = _("Cuộc gọi này đã có người làm rồi, hoặc không còn cần nữa.")


def call_instead(message: Message) -> Message | None:
    """Put a call on the list in place of a message that does not come through; once per event."""
    if not message.fallback or message.channel == "call":
        return None
    same = telling.message_id(message.commune_id, message.key, message.recipient, "call")
    call = Message(
        id=same,
        commune_id=message.commune_id,
        event=message.event,
        subject_type=message.subject_type,
        subject_id=message.subject_id,
        key=message.key,
        recipient=message.recipient,
        channel="call",
        address=message.fallback,
        title=message.title,
        body=message.title,
        link=message.link,
        is_urgent=message.is_urgent,
        created_at=clock.now(),
        next_at=quiet.earliest(clock.now()),
    )
    Message.objects.bulk_create([call], ignore_conflicts=True)
    return call


def call_off(message: Message) -> None:
    """Take the call off the list: the message came through after all."""
    if message.fallback and message.attempts > 1:
        same = telling.message_id(message.commune_id, message.key, message.recipient, "call")
        waiting = Message.objects.filter(pk=same, status=Status.WAITING)
        waiting.update(status=Status.MERGED)


@transaction.atomic
def number_to_call(call: Message, *, by: Actor) -> str:
    """Return the phone number to dial; that it was looked at stands in the log."""
    audit.view(call, by=by, commune=call.commune_id, purpose="notifications.call")
    return str(call.address)


@transaction.atomic
def note_call(call: Message, outcome: Outcome, *, by: Actor) -> Message:
    """Note how a call went: told, nobody answered (again in two hours, three times), wrong number.

    Refuses with AlreadyCalled.
    """
    found = Message.objects.select_for_update().get(pk=call.pk)
    if found.status != Status.WAITING or found.channel != "call":
        raise AlreadyCalled
    found.attempts += 1
    found.handled_by = by.id
    found.error = "" if outcome == "told" else outcome
    if outcome == "told":
        found.status, found.sent_at = Status.SENT, clock.now()
        _stop_trying(found)
    elif outcome == "wrong_number":
        found.status = Status.FAILED
    elif found.attempts >= _MOST_CALLS:
        found.status = Status.GIVEN_UP
    else:
        found.next_at = quiet.earliest(clock.now() + _NEXT_CALL)
    found.save()
    changes = {"outcome": outcome, "tries": found.attempts}
    audit.record("notifications.called", found, by=by, commune=found.commune_id, changes=changes)
    return found


def _stop_trying(call: Message) -> None:
    """Stop what still tries to tell the same: the person knows it now."""
    waiting = Message.objects.filter(
        commune=call.commune_id,
        key=call.key,
        recipient=call.recipient,
        status=Status.WAITING,
    )
    waiting.exclude(pk=call.pk).update(status=Status.MERGED)
