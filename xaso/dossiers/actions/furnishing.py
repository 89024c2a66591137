"""What stands in the waiting room: groups of services, counters, machines with their tokens."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers.models import CounterDesk, QueueDevice, ServiceGroup
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock

LONGEST_DAYS = 730
MOST_COUNTERS = 99
_CONTEXT = "dossiers_queuedevice.token"


class StillServing(Refusal):
    """Somebody sits at the counter."""

    sentence = gettext_lazy("Đang có người ngồi quầy này. Khi quầy trống mới đóng được.")


class Installed(NamedTuple):
    """A new machine and its token, which is never shown again."""

    device: QueueDevice
    token: str


@dataclass(frozen=True)
class NewGroup:
    """A group of services as an administrator fills it in."""

    letter: str
    name: str
    slot_minutes: int = 15
    places_per_slot: int = 0
    is_open: bool = True


@dataclass(frozen=True)
class NewCounter:
    """A counter as an administrator fills it in; `letters` are the groups it serves."""

    number: int
    letters: Sequence[str]
    name: str = ""
    is_open: bool = True


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return blind(token, context=_CONTEXT)


@transaction.atomic
def set_group(new: NewGroup, *, commune: Commune, by: Actor) -> ServiceGroup:
    """Add a group of services, or change the one with this letter. Refuses with Invalid."""
    name, letter = clean_line(new.name)[:80], new.letter.upper()
    errors = {}
    if len(letter) != 1 or not ("A" <= letter <= "Z"):
        errors["letter"] = [_("Chữ của nhóm là một chữ từ A đến Z.")]
    if not name:
        errors["name"] = [_("Bác ghi tên nhóm việc.")]
    if not 5 <= new.slot_minutes <= 240:
        errors["slot_minutes"] = [_("Mỗi lượt hẹn từ 5 đến 240 phút.")]
    if not 0 <= new.places_per_slot <= 50:
        errors["places_per_slot"] = [_("Mỗi lượt hẹn từ 0 đến 50 chỗ.")]
    if errors:
        raise Invalid(errors=errors)
    facts = {
        "name": name,
        "slot_minutes": new.slot_minutes,
        "places_per_slot": new.places_per_slot,
        "is_open": new.is_open,
    }
    group, _new = ServiceGroup.objects.update_or_create(
        commune=commune, letter=letter, defaults=facts
    )
    audit.record("dossiers.group_set", group, by=by, commune=commune.id, changes=facts)
    return group


@transaction.atomic
def set_counter(new: NewCounter, *, commune: Commune, by: Actor) -> CounterDesk:
    """Add a counter, or change the one with this number. Refuses with Invalid, StillServing."""
    known = set(ServiceGroup.objects.filter(commune=commune).values_list("letter", flat=True))
    errors = {}
    if not 1 <= new.number <= MOST_COUNTERS:
        errors["number"] = [_("Số quầy từ 1 đến 99.")]
    if not new.letters or not set(new.letters) <= known:
        errors["letters"] = [_("Bác chọn ít nhất một nhóm việc cho quầy.")]
    if errors:
        raise Invalid(errors=errors)
    rows = CounterDesk.objects.select_for_update()
    counter = rows.filter(commune=commune, number=new.number).first()
    if counter is not None and counter.official_id is not None and not new.is_open:
        raise StillServing
    facts = {
        "name": clean_line(new.name)[:80],
        "letters": sorted(new.letters),
        "is_open": new.is_open,
    }
    counter, _new = CounterDesk.objects.update_or_create(
        commune=commune, number=new.number, defaults=facts
    )
    audit.record("dossiers.counter_set", counter, by=by, commune=commune.id, changes=facts)
    return counter


@transaction.atomic
def install(kind: str, name: str, *, commune: Commune, by: Actor, days: int = 365) -> Installed:
    """Let a machine give numbers, or show and call them, for so many days. Refuses with Invalid."""
    name = clean_line(name)[:80]
    errors = {}
    if kind not in QueueDevice.Kind.values:
        errors["kind"] = [_("Bác chọn loại máy.")]
    if not name:
        errors["name"] = [_("Bác ghi máy đặt ở đâu.")]
    if not 1 <= days <= LONGEST_DAYS:
        errors["days"] = [_("Số ngày từ 1 đến 730.")]
    if errors:
        raise Invalid(errors=errors)
    token, now = secrets.token_urlsafe(32), clock.now()
    device = QueueDevice.objects.create(
        commune=commune,
        kind=kind,
        name=name,
        digest=digest(token),
        created_at=now,
        created_by=by.id,
        expires_at=now + timedelta(days=days),
    )
    said = {"kind": kind, "days": days}
    audit.record("dossiers.machine_installed", device, by=by, commune=commune.id, changes=said)
    return Installed(device, token)


@transaction.atomic
def remove(device_id: int, *, commune: Commune, by: Actor) -> QueueDevice:
    """Revoke a machine: its next look finds nothing. Refuses with NotFound."""
    rows = QueueDevice.objects.select_for_update()
    device = rows.filter(commune=commune, pk=device_id, revoked_at=None).first()
    if device is None:
        raise NotFound
    device.revoked_at = clock.now()
    device.save(update_fields=["revoked_at"])
    audit.record("dossiers.machine_removed", device, by=by, commune=commune.id)
    return device
