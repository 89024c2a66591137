"""Book a time, come within a quarter of an hour of it, get a number."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import slots
from xaso.dossiers.actions import queueing
from xaso.dossiers.models import Booking, ServiceGroup, Ticket
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

WINDOW = timedelta(minutes=15)
MOST_DAYS = 14


class SlotFull(Refusal):
    """Nobody else can come at that time."""

    sentence = _("Giờ này vừa hết chỗ. Bác chọn giờ khác.")


class SlotUnknown(Refusal):
    """There is no such slot to book."""

    sentence = _("Giờ này không đặt được. Bác chọn một giờ trong danh sách.")
    status = 422


class NotTimeYet(Refusal):
    """Outside the quarter of an hour around the booked time."""

    sentence = _(
        "Chỉ nhận số trong khoảng 15 phút trước và sau giờ đã đặt. Bác có thể lấy số thường."
    )


@dataclass(frozen=True)
class NewBooking:
    """A place that is asked for; `uuid` is made by the phone."""

    uuid: UUID
    letter: str
    starts_at: datetime


@transaction.atomic
def book(new: NewBooking, *, commune: Commune, by: Actor) -> Booking:
    """Hold a place of a slot; a retry gets the same code. Refuses with SlotUnknown, SlotFull."""
    known = Booking.objects.filter(commune=commune, uuid=new.uuid).first()
    if known is not None:
        return known
    groups = ServiceGroup.objects.select_for_update(no_key=True)
    group = groups.filter(commune=commune, letter=new.letter, is_open=True).first()
    today = dates.local(clock.now()).date()
    day = dates.local(new.starts_at).date()
    if group is None or not today <= day <= today + timedelta(days=MOST_DAYS):
        raise SlotUnknown
    if new.starts_at not in slots.of_day(commune, group, day) or new.starts_at <= clock.now():
        raise SlotUnknown
    taken = Booking.objects.filter(
        commune=commune, letter=group.letter, starts_at=new.starts_at, cancelled_at=None
    ).count()
    if taken >= group.places_per_slot:
        raise SlotFull
    return Booking.objects.create(
        commune=commune,
        uuid=new.uuid,
        code=_code(commune),
        letter=group.letter,
        starts_at=new.starts_at,
        booked_at=clock.now(),
    )


@transaction.atomic
def check_in(code: str, *, commune: Commune, by: Actor) -> Ticket:
    """Give the number of a booking, from 15 minutes before its time to 15 minutes after.

    Refuses with NotFound (unknown or cancelled code) and NotTimeYet; twice gives the same number.
    """
    booking = _locked(code, commune)
    if booking.ticket is not None:
        return booking.ticket
    now = clock.now()
    if not booking.starts_at - WINDOW <= now <= booking.starts_at + WINDOW:
        raise NotTimeYet
    new = queueing.NewTicket(
        uuid=uuid5(booking.uuid, "ticket"),
        letter=booking.letter,
        channel=Ticket.Channel.BOOKING,
        priority=Ticket.Priority.BOOKED,
    )
    booking.ticket = queueing.issue(new, commune=commune, by=by)
    booking.save(update_fields=["ticket"])
    return booking.ticket


@transaction.atomic
def cancel(code: str, *, commune: Commune, by: Actor) -> Booking:
    """Give the place back. Refuses with NotFound."""
    booking = _locked(code, commune)
    if booking.ticket_id is None:
        booking.cancelled_at = clock.now()
        booking.save(update_fields=["cancelled_at"])
    return booking


def _locked(code: str, commune: Commune) -> Booking:
    rows = Booking.objects.select_for_update(of=("self",)).select_related("ticket")
    plain = "".join(each for each in code if each.isascii() and each.isdigit())
    booking = rows.filter(commune=commune, code=plain, cancelled_at=None).first()
    if booking is None:
        raise NotFound
    return booking


def _code(commune: Commune) -> str:
    """Return six free digits; a code opens nothing but a place in the row."""
    while True:
        code = f"{secrets.randbelow(10**6):06d}"
        if not Booking.objects.filter(commune=commune, code=code).exists():
            return code
