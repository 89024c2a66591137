"""A report's state on one small page without script, for any phone: `/t/482915709`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xaso.kernel.places import queries as places
from xaso.kernel.places.models import PublicCode
from xaso.kernel.refusals import NotFound
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web import caching
from xaso.reports import queries
from xaso.reports.models import Report
from xaso.reports.queries import following
from xaso.reports.views import gone


@caching.public(15)
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Show where a report stands; the commune is found by the code."""
    known = places.resolve_code(queries.check_code(code))
    if known is None or known.kind not in ("report", "follower"):
        raise NotFound
    with tenancy.inside(known.commune_id):
        try:
            view = queries.public_view(_report(known))
        except queries.Erased as refusal:
            return gone.plain(request, known.commune, refusal.stone)
    full = f"/{known.commune.slug}/phan-anh/{known.code}/"
    context = {"view": view, "commune": known.commune, "full": full}
    return render(request, "reports/citizen/plain.html", context)


def rate(_request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Lead the short link of a notice to the commune's page with the three faces."""
    known = places.resolve_code(queries.check_code(code))
    if known is None or not token.isalnum():
        raise NotFound
    return redirect(f"/{known.commune.slug}/phan-anh/{known.code}/danh-gia/{token}/")


def _report(known: PublicCode) -> Report:
    """Return the report a code leads to: its own, or the one its holder follows."""
    if known.kind == "report":
        return queries.by_code(known.commune_id, known.code)
    follower = following.by_code(known.commune_id, known.code)
    if follower is None:
        raise NotFound
    return follower.report
