"""A report's state on one small page without script, for any phone: `/t/482915709`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xaso.kernel.places import queries as places
from xaso.kernel.refusals import NotFound
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web import caching
from xaso.reports import queries


@caching.public(15)
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Show where a report stands; the commune is found by the code."""
    known = places.resolve_code(queries.check_code(code))
    if known is None or known.kind != "report":
        raise NotFound
    with tenancy.inside(known.commune_id):
        view = queries.public_view(queries.by_code(known.commune_id, known.code))
    full = f"/{known.commune.slug}/phan-anh/{known.code}/"
    context = {"view": view, "commune": known.commune, "full": full}
    return render(request, "reports/citizen/plain.html", context)
