"""A small API of the kind every room writes, for the stories of this room."""

from datetime import timedelta
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from ninja import Field, Router, Schema, Status
from ninja.decorators import decorate_view
from ninja.errors import HttpError

from xaso.kernel.open_api import assembly, caching, guards, idempotency, limits, paging
from xaso.kernel.places.models import Place
from xaso.kernel.refusals import Refusal, TooMany

router = Router(tags=["Mẫu"])


class BridgeIsOut(Refusal):
    sentence = "Cầu đang sửa, bác đi lối khác giúp."


class PlaceIn(Schema):
    text: str = Field(min_length=3, max_length=20)
    kind: Literal["cầu", "đường"] = "cầu"
    lat: float = Field(22.3, ge=-90, le=90)


class PlacesOut(Schema):
    items: list[str]
    next: str


@router.get("", response=PlacesOut)
def listed(
    request: HttpRequest, response: HttpResponse, cursor: str = "", limit: int = paging.USUAL
):
    rows = Place.objects.filter(commune=request.commune)
    found = paging.page(rows, request, by=("-lat", "-id"), cursor=cursor, limit=limit)
    paging.link_next(request, response, found.next)
    return {"items": [place.text for place in found.rows], "next": found.next}


@router.post("", response={201: dict[str, int]})
@decorate_view(idempotency.once)
def add(request: HttpRequest, given: PlaceIn):
    if given.text == "cầu hỏng":
        raise BridgeIsOut
    place = Place.objects.create(
        commune=request.commune, text=given.text, lat=given.lat, lon=103.5, precision="exact"
    )
    return Status(201, {"id": place.pk})


@router.post("form", response={201: dict[str, int]})
@decorate_view(idempotency.once)
def add_by_form(request: HttpRequest):
    place = Place.objects.create(
        commune=request.commune, text=request.POST["text"], lat=1, lon=1, precision="exact"
    )
    return Status(201, {"id": place.pk})


@router.get("version")
def versioned(request: HttpRequest):
    return caching.answer(
        request, lambda: {"n": Place.objects.count()}, depends_on=(7,), seconds=60
    )


@router.get("often")
@decorate_view(limits.per("often", limit=3, every=timedelta(hours=1)))
def often(request: HttpRequest):
    return {"ok": True}


@router.get("machine", auth=guards.MachineKey("reports.read"))
def machine(request: HttpRequest):
    return {"who": request.auth.kind, "id": request.auth.id}


@router.get("device", auth=guards.KnownDevice())
def device(request: HttpRequest):
    return {"who": request.auth.kind, "id": request.auth.id}


@router.get("anyone", auth=guards.Anyone())
def anyone(request: HttpRequest):
    return {"who": request.auth.kind}


@router.get("fails/{how}")
def fails(request: HttpRequest, how: str):
    errors = {
        "refused": BridgeIsOut(),
        "too-many": TooMany(retry_after=9),
        "missing": Http404(),
        "forbidden": PermissionDenied(),
        "teapot": HttpError(418, "x"),
        "broken": ZeroDivisionError("nobody foresaw this"),
    }
    Place.objects.create(commune=request.commune, text="nửa vời", lat=1, lon=1, precision="exact")
    raise errors[how]


api = assembly.new()
api.add_router("/places", router)
urlpatterns = [
    path("api/v1/mau/", include((assembly.mounted(api, shared=(), is_shared=False), "api_sample"))),
    path("", include("xaso.config.urls")),
]
handler400 = "xaso.kernel.web.views.handler400"
handler403 = "xaso.kernel.web.views.handler403"
handler404 = "xaso.kernel.web.views.handler404"
handler500 = "xaso.kernel.web.views.handler500"
