"""Send what waits: one try, noted; again with patience, or a person calls instead."""

import random
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.notifications import accounts, channels, quiet
from xaso.kernel.notifications.actions import (
    calling,
    counting,
    hearing,
    listening,
    noting,
    telling,
    tokens,
)
from xaso.kernel.notifications.letters import (
    Letter,
    NoAnswer,
    NotLetIn,
    TryLater,
    Undeliverable,
)
from xaso.kernel.notifications.models import Account, Message
from xaso.kernel.refusals import Refusal
from xaso.kernel.text.masking import masked
from xaso.kernel.working_time import clock

Status = Message.Status
TRIES = 12
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=2)  # and up to half as much again
_CALL_AFTER = 2  # failures
_LEFT = {Status.SENT, Status.UNKNOWN}  # a company may charge for both
_AGAIN = {Status.FAILED, Status.GIVEN_UP, Status.UNKNOWN}


class NothingToSendAgain(Refusal):
    """The message was sent, or waits already."""

    sentence = _("Tin này đã gửi hoặc đang chờ gửi, không cần gửi lại.")


def send(message: UUID) -> Message | None:
    """Send one message if it still waits; note how it went and when to try again.

    The row stays locked while the channel is spoken to, so that two workers never send it both.
    Nothing leaves through a paused channel: the message waits until the channel goes on. Above the
    month's cap an ordinary one takes another way, or waits.
    """
    found = Message.objects.select_for_update(skip_locked=True).filter(pk=message).first()
    if found is None or found.status != Status.WAITING or channels.kind(found.channel).is_human:
        return None
    account = accounts.of(found.commune_id, found.channel)
    if account.paused_at is not None:
        return found
    if counting.hold_back(found):
        return found
    found.attempts += 1
    try:
        found.outside_id = _hand_over(found, account)
    except Exception as error:  # noqa: BLE001 - whatever a channel's library raises
        _note_failure(found, error)
    else:
        found.status, found.error, found.sent_at = Status.SENT, "", clock.now()
        found.private_link = ""
        _settle(found)
    if found.status in _LEFT:
        counting.count(found)
    found.save()
    noting.note(account, found.error)
    return found


def _settle(message: Message) -> None:
    """Finish what a message that left leaves behind."""
    calling.call_off(message)
    if message.channel == "zalo" and hearing.arrived_before(message):
        message.arrived_at = clock.now()
    if message.event == hearing.ANSWER:
        message.address = ""  # nobody is written to again at this number


@transaction.atomic
def send_again(message: Message, *, by: Actor) -> Message:
    """Let a message that was not taken be tried once more; refuses with NothingToSendAgain."""
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.status not in _AGAIN:
        raise NothingToSendAgain
    found.status, found.attempts, found.next_at = Status.WAITING, 0, clock.now()
    found.save()
    audit.record("notifications.sent_again", found, by=by, commune=found.commune_id)
    telling.put_off(found, None)
    return found


def module(channel: str, account: Account) -> ModuleType:
    """Return what serves a channel: without an account the demo's twin, or nothing."""
    found = import_module(settings.XASO_CHANNELS[channel])
    if getattr(found, "NEEDS_ACCOUNT", False) and not account.settings:
        return import_module(settings.XASO_CHANNEL_TWIN)
    return found


def _hand_over(message: Message, account: Account) -> str:
    """Give a letter to its channel; return the other side's number for it."""
    serves = module(message.channel, account)
    letter = Letter(
        id=str(message.pk),
        address=message.address,
        title=message.title,
        body=_opened(message, message.body),
        link=_opened(message, message.link),
        tag=f"{message.subject_type}:{message.subject_id}",
        settings=account.settings,
        secret=account.secret,
    )
    if message.channel == "push":
        return listening.send_to_all(letter, message, serves)
    if message.channel == "zalo" and account.settings:
        return tokens.with_token(account, letter, serves)
    return str(serves.send(letter) or "")


def _opened(message: Message, text: str) -> str:
    """Return a text with its private link in place, as it leaves."""
    return text.replace(telling.PRIVATE_LINK, message.private_link or telling.PRIVATE_LINK)


def _note_failure(message: Message, error: Exception) -> None:
    """Note why it failed; put the next try off, or give up; a person calls after two failures."""
    message.error = f"{type(error).__name__}: {masked(str(error))}"[:200]
    if isinstance(error, Undeliverable):
        message.status = Status.FAILED
    elif isinstance(error, NoAnswer):
        message.status = Status.UNKNOWN
    elif message.attempts >= TRIES:
        message.status = Status.GIVEN_UP
    else:
        message.next_at = clock.now() + _pause(message, error)
        if channels.kind(message.channel).wakes and not message.is_urgent:
            message.next_at = quiet.earliest(message.next_at)
        telling.put_off(message, message.next_at)
    if message.attempts >= _CALL_AFTER or message.status != Status.WAITING:
        calling.call_instead(message)


def _pause(message: Message, error: Exception) -> timedelta:
    """Return how long to wait: doubling, spread by half, and never less than was asked for."""
    doubled: timedelta = min(_FIRST * 2 ** (min(message.attempts, 20) - 1), _LONGEST)
    spread: timedelta = doubled * random.uniform(1.0, 1.5)  # noqa: S311 - spreads load, guards nothing
    asked = error.seconds if isinstance(error, TryLater) else None
    if isinstance(error, NotLetIn):
        spread = max(spread, timedelta(minutes=15))  # somebody has to set the channel up again
    return max(spread, timedelta(seconds=asked or 0.0))
