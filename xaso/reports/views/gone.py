"""The page of a code whose report was erased: short, the same for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.web.http import CommuneRequest
from xaso.reports.models import Tombstone
from xaso.reports.queries import stones


def page(request: CommuneRequest, code: str) -> HttpResponse:
    """Say that the report of a code was erased and how it had ended. Refuses with NotFound.

    A follower's code whose report is gone says only that: whom it belonged to nobody knows now.
    """
    stone = stones.by_code(request.commune, code)
    if stone is None:
        known = places.resolve_code(code)
        if known is None or known.commune_id != request.commune.id or known.kind != "follower":
            raise NotFound
    it = stones.remains(stone) if stone else None
    return render(request, "reports/citizen/gone.html", {"it": it, "code": code}, status=410)


def plain(request: HttpRequest, commune: Commune, stone: Tombstone) -> HttpResponse:
    """Say the same on the small page without script."""
    context = {"it": stones.remains(stone), "commune": commune}
    return render(request, "reports/citizen/plain_gone.html", context, status=410)
