"""What Zalo tells about a commune's account: a message arrived, somebody wrote, came or left.

Words are read by nobody here and kept nowhere. Who wrote is a keyed digest, and a sealed address
until the one answer left.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.notifications import accounts
from xaso.kernel.notifications.actions import calling, strangers, telling
from xaso.kernel.notifications.adapters import zalo_events
from xaso.kernel.notifications.adapters.zalo_events import Event
from xaso.kernel.notifications.models import Account, Incoming, Message
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

ANSWER = "notifications.zalo_answer"
_CHANNEL = "zalo"
_SETTLED = {Message.Status.SENT, Message.Status.MERGED}
_FRESH = timedelta(minutes=15)  # after that only what was never heard before counts
_LONGEST = timedelta(days=1)  # Zalo gives up after two hours; nothing is believed after a day


class NotZalo(Refusal):
    """The signature is wrong, the time is long past, or the commune expects no events."""

    code = "not_zalo"
    status = 403
    sentence = _("Chữ ký không đúng, hoặc xã chưa mở cửa nhận sự kiện của Zalo.")


class NotAnEvent(Refusal):
    """There is no event in what came."""

    code = "not_an_event"
    status = 422
    sentence = _("Không đọc được sự kiện của Zalo.")


def hear(
    commune: Commune,
    body: bytes,
    headers: Mapping[str, str],
    *,
    report_at: str,
    address: str = "",
) -> str:
    """Do what an event asks for, once however often it comes; return what was made of it.

    `report_at` is the address where people report, told to who writes to the account; `address`
    the network address of the caller. Refuses with NotZalo (counted on the account), TooMany (so
    often that it is counted no more) and NotAnEvent. Call it outside of a transaction that a
    refusal would undo.
    """
    account = accounts.of(commune.id, _CHANNEL)
    try:
        event = zalo_events.read(body, headers, account.settings, account.inbound_secret)
    except zalo_events.NotZalo as error:
        raise _refused(account, commune.id, address) from error
    except zalo_events.NotAnEvent as error:
        raise NotAnEvent from error
    with transaction.atomic():
        read_as = _once(commune, account, event, report_at)
    if read_as == "too_old":
        raise _refused(account, commune.id, address)
    return read_as


def arrived_before(message: Message) -> bool:
    """Return whether the proof of arrival came sooner than the answer that names the message."""
    rows = Incoming.objects.filter(commune=message.commune_id, channel=_CHANNEL)
    return bool(message.outside_id) and rows.filter(read_as=_unmatched(message.outside_id)).exists()


def person(commune: UUID, user: str) -> str:
    """Return the key by which a Zalo user is known here, never their number."""
    return f"zalo:{blind(user, context=f'notifications.zalo.{commune}')[:40]}"


def _once(commune: Commune, account: Account, event: Event, report_at: str) -> str:
    now = clock.now()
    age = now - event.at
    if age > _LONGEST or age < -_FRESH:
        return "too_old"
    row, is_new = Incoming.objects.get_or_create(
        commune=commune,
        channel=_CHANNEL,
        outside_id=_number(commune.id, event),
        defaults={"received_at": now, "blanked_at": now, "read_as": event.kind},
    )
    if not is_new:
        return "too_old" if age > _FRESH else "known"
    Account.objects.filter(pk=account.pk).update(heard_at=now)
    if event.kind == "arrived":
        row.read_as = _arrived(commune.id, event, now)
        row.save(update_fields=["read_as"])
    elif event.kind == "wrote" and event.user:
        _answer(commune, account, event, report_at)
    elif event.kind == "unfollow":
        _let_go(commune.id, event)
    return row.read_as.partition(":")[0]


def _arrived(commune: UUID, event: Event, now: datetime) -> str:
    """Note that a message reached the phone; what was not known to have left, has."""
    names = Q(outside_id=event.message) if event.message else Q(pk__in=[])
    with suppress(ValueError):
        names |= Q(pk=UUID(event.tracking))
    rows = Message.objects.select_for_update().filter(names, commune=commune, channel=_CHANNEL)
    found = rows.first()
    if found is None:
        return _unmatched(event.message)
    found.arrived_at = found.arrived_at or now
    if found.status not in _SETTLED:
        found.status, found.error, found.sent_at = Message.Status.SENT, "", now
        found.outside_id = found.outside_id or event.message
        calling.call_off(found)
    found.save()
    return "arrived"


def _answer(commune: Commune, account: Account, event: Event, report_at: str) -> None:
    """Tell who wrote where to report: once a day, whatever they write and however often."""
    telling.tell(
        ANSWER,
        subject=account,
        commune=commune.id,
        recipients=[
            telling.Recipient(person(commune.id, event.user), _CHANNEL, f"user:{event.user}")
        ],
        context={"commune": commune.full_name, "address": report_at},
        key=f"zalo_answer/{dates.local(clock.now()):%Y-%m-%d}",
        is_urgent=True,  # they hold the phone in their hand
    )


def _let_go(commune: UUID, event: Event) -> None:
    """Stop what waits for somebody who left the account, and forget where it would have gone."""
    rows = Message.objects.filter(
        commune=commune, channel=_CHANNEL, recipient=person(commune, event.user)
    )
    rows.filter(status=Message.Status.WAITING).update(status=Message.Status.MERGED)
    rows.update(address="")


def _refused(account: Account, commune: UUID, address: str) -> NotZalo:
    strangers.turn_away(commune, _CHANNEL, address)
    if account.pk:
        rows = Account.objects.filter(pk=account.pk)
        rows.update(refused_events=F("refused_events") + 1, refused_at=clock.now())
    return NotZalo()


def _number(commune: UUID, event: Event) -> str:
    named = "\0".join((event.name, event.message, event.user, event.at.isoformat()))
    return blind(named, context=f"notifications.zalo_event.{commune}")


def _unmatched(message: str) -> str:
    return "early:" + hashlib.sha256(message.encode()).hexdigest()[:30]
