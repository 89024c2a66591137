"""The communes of this installation and the villages of a commune, for machines."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from xaso.kernel.open_api import caching
from xaso.kernel.open_api.guards import commune_of
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune, Village

_SECONDS = 300

communes = Router(tags=["Xã, phường"])
villages = Router(tags=["Bản, thôn, tổ dân phố"])


class CommuneOut(Schema):
    """Một xã, phường dùng hệ thống này."""

    slug: str
    code: str
    name: str
    province: str
    phone: str
    lat: float
    lon: float
    is_demo: bool
    api: str


class CommunesOut(Schema):
    """Danh sách xã, phường."""

    items: list[CommuneOut]


class VillageOut(Schema):
    """Một bản, thôn hoặc tổ dân phố."""

    code: str
    name: str
    lat: float
    lon: float


class VillagesOut(Schema):
    """Danh sách bản, thôn, tổ dân phố."""

    items: list[VillageOut]


@communes.get("", response=CommunesOut, summary="Danh sách xã, phường", url_name="communes")
def list_communes(request: HttpRequest) -> HttpResponse:
    """Các xã, phường dùng hệ thống này, kèm địa chỉ giao diện của từng xã."""
    found = [_commune(one) for one in places.communes()]
    return caching.answer(request, lambda: {"items": found}, depends_on=(found,), seconds=_SECONDS)


@villages.get(
    "", response=VillagesOut, summary="Danh sách bản, thôn, tổ dân phố", url_name="villages"
)
def list_villages(request: HttpRequest) -> HttpResponse:
    """Các bản, thôn, tổ dân phố hiện có của xã, theo thứ tự chữ cái, kèm toạ độ giữa bản."""
    commune = commune_of(request)
    found = [_village(one) for one in places.villages(commune)] if commune else []
    return caching.answer(request, lambda: {"items": found}, depends_on=(found,), seconds=_SECONDS)


def _commune(one: Commune) -> dict[str, Any]:
    root = f"https://{one.host}" if one.host else f"/{one.slug}"
    return {
        "slug": one.slug,
        "code": one.code,
        "name": one.full_name,
        "province": one.province,
        "phone": one.phone,
        "lat": one.lat,
        "lon": one.lon,
        "is_demo": one.is_demo,
        "api": f"{root}/api/v1",
    }


def _village(one: Village) -> dict[str, Any]:
    return {"code": one.code, "name": one.full_name, "lat": one.lat, "lon": one.lon}
