"""Take in a text that somebody sent to the commune: once, whoever repeats it."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.notifications import accounts
from xaso.kernel.notifications.actions import strangers
from xaso.kernel.notifications.adapters import sms_incoming
from xaso.kernel.notifications.models import Incoming
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import phone
from xaso.kernel.working_time import clock

_APART = timedelta(minutes=10)  # the same words of a gateway without numbers: later is another text
_KEPT = timedelta(days=30)


class NotLetThrough(Refusal):
    """The caller is not the gateway this commune made known."""

    code = "not_the_gateway"
    status = 403
    sentence = _("Khóa không đúng, hoặc kênh SMS chưa mở cửa nhận tin.")


class NotReadable(Refusal):
    """There is no text in what came."""

    code = "not_a_text"
    status = 422
    sentence = _("Không thấy số gửi hoặc lời nhắn. Bác xem lại tên trường ở trang Kênh báo tin.")


@transaction.atomic
def take_in(
    commune: UUID, channel: str, body: bytes, headers: Mapping[str, str], *, address: str = ""
) -> tuple[Incoming, bool]:
    """Keep a text the gateway handed over; return it and whether it is new.

    Refuses with NotLetThrough (TooMany when an `address` was refused too often) and NotReadable.
    What was taken in before changes nothing.
    """
    account = accounts.of(commune, channel)
    if len(body) > sms_incoming.LARGEST:
        raise NotReadable
    try:
        said = sms_incoming.read(body, headers, account.settings, account.inbound_secret)
        sender = phone.normalise(said.sender)
    except sms_incoming.NotTheGateway as error:
        strangers.turn_away(commune, channel, address)
        raise NotLetThrough from error
    except (sms_incoming.NotAText, ValueError) as error:
        raise NotReadable from error
    return Incoming.objects.get_or_create(
        commune_id=commune,
        channel=channel,
        outside_id=_number(said, body),
        defaults={"sender": sender, "text": said.text, "received_at": clock.now()},
    )


@transaction.atomic
def note_reading(incoming: Incoming, read_as: str) -> None:
    """Note what a text was read as."""
    incoming.read_as = read_as[:40]
    incoming.save(update_fields=["read_as"])


@transaction.atomic
def forget_texts(commune: UUID) -> int:
    """Blank senders and words of texts older than thirty days; return how many.

    The rows stay: one that is repeated later is still known. Events of Zalo's go altogether.
    """
    now = clock.now()
    old = Incoming.objects.filter(commune=commune, received_at__lt=now - _KEPT)
    old.filter(channel="zalo").delete()  # an event is believed for a day only
    rows = old.filter(blanked_at__isnull=True)
    return rows.update(sender="", text="", blanked_at=now)


def _number(said: sms_incoming.Text, body: bytes) -> str:
    if said.id:
        return f"id:{said.id}"
    slot = int(clock.now().timestamp() // _APART.total_seconds())
    return hashlib.sha256(b"%d\0" % slot + body).hexdigest()
