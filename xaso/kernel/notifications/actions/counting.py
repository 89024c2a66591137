"""Count what is charged, warn before the month's cap, and hold ordinary messages back above it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import actions as measures
from xaso.kernel.notifications import accounts, costs, queries, quiet, texts
from xaso.kernel.notifications.actions import alerting, calling, telling
from xaso.kernel.notifications.costs import Spent
from xaso.kernel.notifications.models import Item, Message, Sureness, Tariff
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.folding import clean_line
from xaso.kernel.working_time import clock

OVER = "over_cap"  # why a message waits, or another took its place
_INSTEAD = {"sms": "zalo", "zalo": "sms"}
_AGAIN = timedelta(days=1)  # a raised cap or a new month is seen the next morning
_DEAREST = Decimal(1_000_000)


@dataclass(frozen=True)
class NewTariff:
    """Price (đồng, before tax) and monthly cap of an item from a day on."""

    item: str
    valid_from: date
    price: Decimal
    cap: int | None
    sureness: str
    source: str


@transaction.atomic
def set_tariff(commune: Commune, new: NewTariff, *, by: Actor) -> Tariff:
    """Write a dated row; one of the same day takes its place. Refuses with Invalid.

    What was sent before keeps the price it was counted with.
    """
    _check(new)
    row, _made = Tariff.objects.update_or_create(
        commune=commune,
        item=new.item,
        valid_from=new.valid_from,
        defaults={
            "price": new.price,
            "cap": new.cap,
            "sureness": new.sureness,
            "source": clean_line(new.source)[:300],
            "set_by": by.id,
            "set_at": clock.now(),
        },
    )
    changes = {
        "item": new.item,
        "from": new.valid_from.isoformat(),
        "price": str(new.price),
        "cap": new.cap,
    }
    audit.record("notifications.tariff_set", row, by=by, commune=commune.id, changes=changes)
    _warn(commune.id, costs.spent(commune.id, Item(new.item), costs.today()))
    return row


def hold_back(message: Message) -> bool:
    """Return whether a message may not leave this way now; then it waits or went another way.

    Urgent ones (danger, codes somebody waits for) are never held back.
    """
    item = costs.item(message.channel, message.address)
    if message.is_urgent or item is None:
        return False
    now = costs.spent(message.commune_id, item, costs.today())
    if now.has_room(costs.units(message)):
        return False
    message.error = OVER
    if _went_another_way(message):
        message.status = Message.Status.MERGED
    else:
        message.next_at = _tomorrow(clock.now())
        telling.put_off(message, message.next_at)
        calling.call_instead(message)
    message.save()
    return True


def count(message: Message) -> None:
    """Count a message that left, at today's price; also one that nobody knows the end of."""
    item = costs.item(message.channel, message.address)
    if item is None:
        return
    day, n = costs.today(), costs.units(message)
    tariff = costs.in_force(message.commune_id, day).get(item.value)
    message.units += n
    measures.count(
        costs.METRIC,
        commune=message.commune_id,
        day=day,
        n=n,
        dims={"item": item.value},
        total=tariff.price * n if tariff else Decimal(0),
    )
    if tariff is not None and tariff.cap is not None:
        _warn(message.commune_id, costs.spent(message.commune_id, item, day))


def _warn(commune: UUID, now: Spent) -> None:
    """Tell the administrators once a month that the cap is near, and once that it is reached."""
    if now.tariff is None or now.cap is None or now.near is None:
        return
    what = "full" if now.units >= now.cap else "near" if now.units >= now.near else ""
    if not what:
        return
    key = f"cap_{what}/{now.item.value}/{now.cap}/{costs.today():%Y-%m}"
    if Message.objects.filter(commune=commune, key=key).exists():
        return
    context = {"item": now.item.label, "used": now.units, "cap": now.cap}
    alerting.administrators(
        f"notifications.cap_{what}", subject=now.tariff, commune=commune, key=key, context=context
    )


def _went_another_way(message: Message) -> bool:
    """Put the same text on the other channel that reaches this phone, where that one has room."""
    channel = _INSTEAD[message.channel]
    is_phone = message.address.startswith("+")
    phone = message.address if is_phone else message.fallback
    if not phone or not _reaches_phones(message.commune_id, channel):
        return False
    short = texts.sms if channel == "sms" else texts.short
    other = Message(
        id=telling.message_id(message.commune_id, message.key, message.recipient, channel),
        commune_id=message.commune_id,
        event=message.event,
        subject_type=message.subject_type,
        subject_id=message.subject_id,
        key=message.key,
        recipient=message.recipient,
        channel=channel,
        address=phone,
        fallback=message.fallback,
        title=message.title,
        body=short(message.title, message.link),
        link=message.link,
        private_link=message.private_link,
        created_at=clock.now(),
        next_at=quiet.earliest(clock.now()),
    )
    item = costs.item(channel, phone)
    now = costs.spent(message.commune_id, item, costs.today()) if item else None
    if now and not now.has_room(costs.units(other)):
        return False
    Message.objects.bulk_create([other], ignore_conflicts=True)
    telling.put_off(other, other.next_at if other.next_at > clock.now() else None)
    return True


def _reaches_phones(commune: UUID, channel: str) -> bool:
    if channel not in queries.open_channels(commune):
        return False
    settings = accounts.of(commune, channel).settings
    return channel != "zalo" or not settings or bool(settings.get("template_id"))


def _tomorrow(now: datetime) -> datetime:
    return quiet.earliest(now + _AGAIN)


def _check(new: NewTariff) -> None:
    errors: dict[str, list[str]] = {}
    if new.item not in Item.values:
        errors["item"] = [str(_("Bác chọn loại tin."))]
    if not 0 <= new.price <= _DEAREST:
        errors["price"] = [str(_("Giá phải từ 0 đến 1 triệu đồng."))]
    if new.sureness not in Sureness.values:
        errors["sureness"] = [str(_("Bác chọn mức chắc chắn."))]
    if not clean_line(new.source):
        errors["source"] = [str(_("Bác ghi giá này lấy ở đâu, ví dụ số hợp đồng."))]
    if errors:
        raise Invalid(errors=errors)
