"""What others may ask about places."""

from collections.abc import Sequence
from datetime import date
from math import cos, hypot, radians
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry import Point, shape

from xaso.kernel.places.models import (
    AdminUnit,
    AdminUnitChange,
    AdminUnitVersion,
    Commune,
    PublicCode,
    Village,
)
from xaso.kernel.text.folding import fold

TWO_TIERS_SINCE = date(2025, 7, 1)  # resolution 1670/NQ-UBTVQH15: communes under the province
_GUESS_WITHIN_KM = 3.0  # a nearest centre this close is a guess to confirm
_KM_PER_DEGREE = 111.195  # mean degree of a sphere of radius 6,371 km


def communes() -> Sequence[Commune]:
    """Return the communes served here, by name."""
    return list(Commune.objects.order_by("name"))


def commune_by_slug(slug: str) -> Commune | None:
    """Return the commune whose addresses start with this segment."""
    return Commune.objects.filter(slug=slug).first()


def commune_by_host(host: str) -> Commune | None:
    """Return the commune that has this host name for itself."""
    return Commune.objects.filter(host=host).first()


def villages(commune: Commune | UUID, day: date | None = None) -> Sequence[Village]:
    """Return the villages that exist on a day (default: that have not ended), by name."""
    rows = Village.objects.filter(commune=commune)
    if day is None:
        return list(rows.filter(valid_to__isnull=True))
    return list(
        rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )
    )


def named_villages(commune: Commune | UUID) -> Sequence[Village]:
    """Return the villages that have not ended, by name, without their land.

    A polygon is a hundred times as large as a name: lists to choose from leave it where it is.
    """
    rows = Village.objects.filter(commune=commune, valid_to__isnull=True)
    return list(rows.defer("polygon"))


def village_at(commune: Commune, lat: float, lon: float) -> tuple[Village, str] | None:
    """Return the village of a point and how we know: "polygon", or "guess" by nearest centre.

    Nothing when no polygon holds the point and no centre lies within 3 km.
    """
    point = Point(lon, lat)
    there = villages(commune)
    for village in there:
        if village.polygon and shape(village.polygon).covers(point):
            return village, "polygon"
    near = min(there, key=lambda v: _km(lat, lon, v.lat, v.lon), default=None)
    if near is None or _km(lat, lon, near.lat, near.lon) > _GUESS_WITHIN_KM:
        return None
    return near, "guess"


def distance_outside_km(commune: Commune, lat: float, lon: float) -> float:
    """Return how far a point lies outside the commune in km; 0 inside or without a boundary."""
    if not commune.boundary:
        return 0.0
    border = shape(commune.boundary)
    point = Point(lon, lat)
    if border.covers(point):
        return 0.0
    edge = border.boundary
    nearest = edge.interpolate(edge.project(point))
    return _km(lat, lon, nearest.y, nearest.x)


def neighbour_at(
    commune: Commune, lat: float, lon: float, day: date
) -> tuple[AdminUnitVersion, Commune | None] | None:
    """Return the other commune a point most likely belongs to, and who answers there if it is here.

    By its boundary where one is known, else by the nearest centre: a hint, never a decision.
    """
    rows = AdminUnitVersion.objects.filter(
        level="commune", period__contains=day, lat__isnull=False, lon__isnull=False
    )
    others = [each for each in rows.exclude(unit=commune.id) if each.lat and each.lon]
    point = Point(lon, lat)
    found = next((o for o in others if o.boundary and shape(o.boundary).covers(point)), None)
    found = found or min(others, key=lambda o: _km(lat, lon, o.lat or 0, o.lon or 0), default=None)
    if found is None:
        return None
    return found, Commune.objects.filter(pk=found.unit_id).first()


def unit_at(code: str, level: str, day: date) -> AdminUnitVersion | None:
    """Return what a code named on a day; None when it named nothing then."""
    return AdminUnitVersion.objects.filter(code=code, level=level, period__contains=day).first()


def successors(unit: AdminUnit | UUID, day: date | None = None) -> Sequence[AdminUnitVersion]:
    """Return what a unit became, in the versions of a day (default: of the change)."""
    changes = AdminUnitChange.objects.filter(old=unit)
    return [v for c in changes for v in _versions(c.new_id, day or c.on)]


def predecessors(unit: AdminUnit | UUID, day: date | None = None) -> Sequence[AdminUnitVersion]:
    """Return the units that a unit was made of, in their last versions, by code."""
    old = AdminUnitChange.objects.filter(new=unit, kind="merge").values("old")
    rows = AdminUnitVersion.objects.filter(unit__in=old).order_by("code")
    return list(rows.filter(period__contains=day) if day else rows)


def label(unit: AdminUnit | UUID, day: date, style: str = "full") -> str:
    """Return how a unit is written on a day.

    `short`: Bình Lư; `full`: Xã Bình Lư, tỉnh Lai Châu; `dated`: with what the place was called
    before 1 July 2025, for readers who hold an older paper.
    """
    version = AdminUnitVersion.objects.filter(unit=unit, period__contains=day).first()
    if version is None:
        return ""
    if style == "short":
        return version.short_name
    parents = _parents(version, day)
    full = ", ".join([version.name, *(_lower_first(p.name) for p in parents)])
    if style == "dated" and day < TWO_TIERS_SINCE:
        now = ", ".join(v.name for v in successors(version.unit_id))
        return _("%(old)s (từ 01/7/2025: %(new)s)") % {"old": full, "new": now} if now else full
    if style == "dated":
        before = ", ".join(_lower_first(v.name) for v in predecessors(version.unit_id))
        return _("%(new)s (trước 01/7/2025: %(old)s)") % {"new": full, "old": before}
    return full


def find(text: str, day: date | None = None) -> Sequence[AdminUnitVersion]:
    """Return units whose name starts with a text, without accents, old ones too.

    People still say "huyện Tam Đường" and "thị trấn": what has ended is found, with
    `successors` telling what it became. With a day, only what existed then.
    """
    words = fold(text)
    if not words:
        return []
    kinds = ("xa ", "phuong ", "thi tran ", "huyen ", "tinh ", "thanh pho ")
    bare = next((words.removeprefix(k) for k in kinds if words.startswith(k)), words)
    rows = AdminUnitVersion.objects.exclude(level="village").filter(
        fold__gte=bare, fold__lt=bare + "\U0010ffff"
    )
    if bare != words:
        rows = rows.filter(
            unit__kind__in=[k for k in _KINDS if fold(k) == words[: -len(bare)].strip()]
        )
    if day:
        rows = rows.filter(period__contains=day)
    return list(rows.select_related("unit").order_by("fold", "code"))


def resolve_code(code: str) -> PublicCode | None:
    """Return which commune answers for a code that someone read or scanned."""
    return PublicCode.objects.select_related("commune").filter(code=code).first()


_KINDS = ("xã", "phường", "thị trấn", "huyện", "tỉnh", "thành phố")


def _versions(unit: UUID, day: date) -> Sequence[AdminUnitVersion]:
    return list(AdminUnitVersion.objects.filter(unit=unit, period__contains=day))


def _parents(version: AdminUnitVersion, day: date) -> list[AdminUnitVersion]:
    above: list[AdminUnitVersion] = []
    while version.parent_id:
        found = AdminUnitVersion.objects.filter(
            unit=version.parent_id, period__contains=day
        ).first()
        if found is None:
            break
        above.append(found)
        version = found
    return above


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance on a small piece of sphere in km; exact to 0.5 % within a commune."""
    return _KM_PER_DEGREE * hypot(lat1 - lat2, (lon1 - lon2) * cos(radians((lat1 + lat2) / 2)))
