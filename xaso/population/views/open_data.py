"""Open data of the register: monthly tables anybody may use, small cells hidden."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from xaso.kernel.web.caching import public
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.population.models import FigureSnapshot
from xaso.population.queries import published
from xaso.population.views import sheets
from xaso.population.views.figures import TABLES, table

_FORMS = ("csv", "json")
_KEPT = 300


@public(_KEPT)
@citizen_page
def page(request: CommuneRequest) -> HttpResponse:
    """Show what there is, and how to take it."""
    found = published.newest(request.commune)
    shown = [
        (
            table(row.table, row.shown),
            [(form, reverse("population_open:file", args=[row.table, form])) for form in _FORMS],
        )
        for row in found
    ]
    month = found[0].month if found else None
    return render(request, "population/citizen/open_data.html", {"tables": shown, "month": month})


@public(_KEPT)
@citizen_page
def file(request: CommuneRequest, name: str, form: str) -> HttpResponse:
    """Return one table of the newest month as a file."""
    row = next((r for r in published.newest(request.commune) if r.table == name), None)
    if row is None or form not in _FORMS or name not in TABLES:
        raise Http404
    response = _json(request, row) if form == "json" else _csv(request, row)
    response["Access-Control-Allow-Origin"] = "*"  # public facts, no cookie is read
    return response


def _json(request: CommuneRequest, row: FigureSnapshot) -> HttpResponse:
    body: dict[str, Any] = {
        "commune": request.commune.full_name,
        "table": row.table,
        "month": row.month.isoformat()[:7],
        "hidden": {"<5": "1 to 4", "ẩn": "hidden: small, or others could be computed", "–": "0"},
        **row.shown,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _csv(request: CommuneRequest, row: FigureSnapshot) -> HttpResponse:
    has_sums = row.shown["total"] is not None  # of each row too
    rows = [["name", *row.shown["columns"], *(["total"] if has_sums else [])]]
    rows += [
        [each["name"], *each["cells"], *([each["total"]] if has_sums else [])]
        for each in row.shown["rows"]
    ]
    if row.shown["totals"] is not None:
        rows.append(["total", *row.shown["totals"], *([row.shown["total"]] if has_sums else [])])
    month = row.month.isoformat()[:7]
    return sheets.as_csv(f"dan-cu-{row.table}-{request.commune.slug}-{month}.csv", rows)
