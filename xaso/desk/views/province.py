"""A reader of the province sees the communes they were let into, beside each other."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.views.decorators.http import require_safe

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.sign_in import address_of
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import queries as reports


@may("province.read")
@require_safe
def communes(request: DeskRequest) -> HttpResponse:
    """List the communes granted now, each with its figures and the way to its reports.

    The rows are read as the role that cannot write, and only of the granted communes.
    """
    granted = identity.province_communes(request.user)
    keys = [commune.id for commune in granted]
    with tenancy.province(keys):
        figures = reports.headlines(keys)
    inbox = reverse("reports_desk:inbox").removeprefix(get_script_prefix())
    lines = [
        {"commune": each, "url": address_of(each) + inbox, "figures": figures[each.id]}
        for each in granted
    ]
    context = {"lines": lines, "now": clock.now(), "days": reports.WINDOW.days}
    return render(request, "desk/province/communes.html", context)
