"""The public board and one report, for everybody; drawn pages are kept for a short while."""

from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.reports import catalogue, queries
from xaso.reports.queries import following
from xaso.reports.views import gone, kept

KEPT_SECONDS = 60.0
_MOST_KEPT = 2_000
_VERSION = "SELECT id, version FROM reports_report WHERE commune_id = %s AND code = %s"
_kept: dict[tuple[object, ...], tuple[float, str]] = {}


@citizen_page
@caching.public(30)
def board(request: CommuneRequest) -> HttpResponse:
    """List the published reports; a typed code leads to its own page."""
    wanted = _wanted(request)
    asked = request.GET
    page = queries.public_list(
        request.commune, wanted, after=asked.get("sau", ""), before=asked.get("truoc", "")
    )
    kinds = catalogue.just_read(request.commune.id)
    context = {
        "page": page,
        "wanted": wanted,
        "kind_choices": [(kind.code, kind.name) for kind in kinds.choices],
        "village_choices": [(v.pk, v.full_name) for v in places.named_villages(request.commune)],
        "picks": _picks(request, wanted),
        "newer": _again(request, truoc=page.newer) if page.newer else "",
        "older": _again(request, sau=page.older) if page.older else "",
        "points": reverse("reports:points") + _query(request),
        "is_filtered": any((wanted.words, wanted.category, wanted.village, wanted.status)),
    }
    return render(request, "reports/citizen/board.html", context)


@citizen_page
@caching.public(60)
def points(request: CommuneRequest) -> HttpResponse:
    """Return the public points of the same filter as GeoJSON (RFC 7946), at most 300."""
    found = queries.points(request.commune, _wanted(request))
    features = [_feature(point) for point in found]
    border = request.commune.boundary
    body = {"type": "FeatureCollection", "features": features, "border": border}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@citizen_page
def look_up(request: CommuneRequest) -> HttpResponse:
    """Lead from a typed code to its page, or say what is wrong with it."""
    typed = request.GET.get("ma", "")
    context: dict[str, Any] = {"typed": typed}
    if typed.strip():
        try:
            code = queries.check_code(typed)
            if following.by_code(request.commune, code) is None:
                with suppress(queries.Erased):  # its page says so
                    queries.by_code(request.commune, code)
            return redirect("reports:track", code)
        except Refusal as refusal:
            context["fault"] = str(refusal.sentence)
    return render(request, "reports/citizen/look_up.html", context)


@citizen_page
@caching.public(15)
def track(request: CommuneRequest, code: str) -> HttpResponse:
    """Show one report to whoever holds its code; the sender goes on to their own page.

    The drawn page is the same for everybody who reads the same language and letters, so it is
    kept in memory by report and version: one statement finds both.
    """
    code = queries.check_code(code)
    found = _version(request.commune.id, code)
    if found is None:
        return _of_follower(request, code)
    key = (*found, get_language(), request.COOKIES.get("chu"), request.get_host(), request.path)
    drawn = _kept.get(key)
    if drawn is None or drawn[0] < monotonic():
        view = queries.public_view(queries.by_code(request.commune, code))
        if view.is_sealed:
            return kept.page(request, view)
        html = render_to_string("reports/citizen/track.html", {"view": view}, request)
        if not view.is_settled:
            return HttpResponse(html)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        drawn = _kept[key] = (monotonic() + KEPT_SECONDS, html)
    return HttpResponse(drawn[1])


def _of_follower(request: CommuneRequest, code: str) -> HttpResponse:
    """Lead a follower's code to their page; say of an erased report that it was. NotFound else."""
    if following.by_code(request.commune, code) is None:
        return gone.page(request, code)
    return redirect("reports:follower", code)


def _version(commune: UUID, code: str) -> tuple[int, int] | None:
    """Return key and version of a report, None for a code that names none.

    Plain SQL: this is all a kept page costs, and building the query would cost more than asking.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [commune, code])
        found = cursor.fetchone()
    return (found[0], found[1]) if found else None


def _wanted(request: CommuneRequest) -> queries.Filter:
    asked = request.GET
    return queries.Filter(
        words=asked.get("tim", "")[:100],
        category=asked.get("loai", "")[:40],
        village=_number(asked.get("ban", "")),
        status={"dang-lam": "open", "da-xong": "done"}.get(asked.get("xem", ""), ""),
    )


def _picks(request: CommuneRequest, wanted: queries.Filter) -> list[dict[str, object]]:
    said = (
        ("", _("Tất cả"), ""),
        ("dang-lam", _("Đang làm"), "open"),
        ("da-xong", _("Đã trả lời"), "done"),
    )
    return [
        {"url": _again(request, xem=value), "text": text, "is_on": wanted.status == status}
        for value, text, status in said
    ]


def _again(request: CommuneRequest, **changed: str) -> str:
    """Return this page's address with some of its questions changed."""
    asked = request.GET.copy()
    for name in ("sau", "truoc"):
        asked.pop(name, None)
    for name, value in changed.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _query(request: CommuneRequest) -> str:
    asked = request.GET.copy()
    return f"?{asked.urlencode()}" if asked else ""


def _feature(point: queries.Point) -> dict[str, object]:
    facts: dict[str, object] = {"n": point.count}
    if point.code:
        url = reverse("reports:track", args=[point.code])
        facts |= {"title": point.title, "url": url, "state": point.state}
    where = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return {"type": "Feature", "geometry": where, "properties": facts}


def _number(text: str) -> int | None:
    """Return a typed key, or None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
