"""The readable page about the interface, for the people who write programs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.queries import open311, open311_services
from xaso.reports.views.open311.reading import base


@citizen_page
@require_safe
@caching.public(60)
def index(request: CommuneRequest) -> HttpResponse:
    """Tell what the interface offers, how to ask for a key, and what can be sent."""
    kinds = catalogue.of(request.commune.id)
    services = open311_services.services(kinds, clock.now())
    codes = [str(service["service_code"]) for service in services]
    context = {
        "base": base(request),
        "office": open311.committee(request.commune),
        "example": next((code for code in codes if code.startswith("ROAD")), "".join(codes[:1])),
        "services": services,
        "changeset": open311_services.changeset(kinds, clock.now()),
    }
    return render(request, "reports/open311/index.html", context)
