"""Everything that changes places."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import (
    AdminUnit,
    AdminUnitVersion,
    Commune,
    Level,
    Village,
)
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import spoken_code
from xaso.kernel.text.folding import fold, nfc
from xaso.kernel.text.sorting import sort_key

_TRIES = 20
_HOST = re.compile(r"(?=.{4,120}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class NotAHost(Refusal):
    """That is no host name."""

    sentence = _("Tên miền chưa đúng. Ví dụ: binhlu.laichau.gov.vn.")
    status = 422


class HostTaken(Refusal):
    """Another commune of this installation has the host name."""

    sentence = _("Tên miền này đang dùng cho một xã khác.")


class NoSuchUnit(Refusal):
    """The code names no commune on that day."""

    sentence = _("Mã đơn vị này không đứng tên xã, phường nào vào ngày đó. Xin xem lại mã.")


class CodesRanOut(Refusal):
    """Twenty random codes were all taken: something is wrong."""

    sentence = _("Chưa cấp được mã. Xin thử lại sau ít phút.")


@dataclass(frozen=True)
class NewVillage:
    """What is known of a village when it is added."""

    code: str
    kind: str
    name: str
    lat: float
    lon: float
    polygon: dict[str, Any] | None = None


@transaction.atomic
def open_commune(code: str, slug: str, *, by: Actor, on: date, **facts: Any) -> Commune:  # noqa: ANN401
    """Open a commune on this installation, from the national code valid on a day.

    `facts` are fields of Commune (address, phone, hours, boundary, is_demo, host).
    Refuses with NoSuchUnit.
    """
    version = (
        AdminUnitVersion.objects.filter(code=code, level=Level.COMMUNE, period__contains=on)
        .select_related("unit")
        .first()
    )
    if version is None or version.lat is None or version.lon is None:
        raise NoSuchUnit
    commune = Commune.objects.create(
        id=version.unit_id,
        slug=slug,
        code=code,
        kind=version.unit.kind,
        name=version.short_name,
        province="Lai Châu",
        lat=version.lat,
        lon=version.lon,
        **facts,
    )
    with tenancy.inside(commune.id):
        audit.record(
            "places.commune_opened", commune, by=by, commune=commune.id, changes={"code": code}
        )
    return commune


@transaction.atomic
def set_host(commune: Commune, host: str, *, by: Actor) -> Commune:
    """Give a commune a host name of its own; an empty one takes it away.

    Refuses with NotAHost, HostTaken.
    """
    name = host.strip().lower().rstrip(".")
    if name and not _HOST.fullmatch(name):
        raise NotAHost
    commune = Commune.objects.select_for_update().get(pk=commune.pk)
    if name and Commune.objects.filter(host=name).exclude(pk=commune.pk).exists():
        raise HostTaken
    commune.host = name or None
    commune.save(update_fields=["host"])
    with tenancy.inside(commune.id):
        audit.record("places.host_set", commune, by=by, commune=commune.id, changes={"host": name})
    return commune


@transaction.atomic
def add_village(commune: Commune, new: NewVillage, *, by: Actor, is_demo: bool = False) -> Village:
    """Add a village to a commune; its unit's key follows from commune and code."""
    unit = AdminUnit.objects.create(
        id=uuid5(commune.id, new.code), level=Level.VILLAGE, kind=new.kind
    )
    name = nfc(new.name)
    AdminUnitVersion.objects.create(
        unit=unit,
        level=Level.VILLAGE,
        code=new.code,
        name=f"{new.kind.capitalize()} {name}",
        short_name=name,
        fold=fold(name),
        parent_id=commune.id,
        period=(None, None),
        lat=new.lat,
        lon=new.lon,
        source="demo" if is_demo else "",
    )
    village = Village.objects.create(
        commune=commune,
        unit=unit,
        code=new.code,
        kind=new.kind,
        name=name,
        fold=fold(name),
        sort_key=sort_key(name),
        lat=new.lat,
        lon=new.lon,
        polygon=new.polygon,
        is_demo=is_demo,
    )
    audit.record(
        "places.village_added", village, by=by, commune=commune.id, changes={"code": new.code}
    )
    return village


def reserve_code(kind: str, commune: Commune | UUID) -> str:
    """Return a new 9-digit code, unique on this installation, that leads to the commune.

    Random, so that nobody counts cases from it; one statement per try, no
    savepoint. Refuses with CodesRanOut.
    """
    commune_id = commune.id if isinstance(commune, Commune) else commune
    with connection.cursor() as cursor:
        for _try in range(_TRIES):
            code = spoken_code.new()
            cursor.execute(
                "INSERT INTO places_publiccode (code, commune_id, kind) VALUES (%s, %s, %s) "
                "ON CONFLICT (code) DO NOTHING",
                [code, commune_id, kind],
            )
            if cursor.rowcount:
                return code
    raise CodesRanOut
