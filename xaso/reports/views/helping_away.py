"""Helpers without a network: the form their phone keeps, and the phones that are joined."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.kernel.identity.asking import fresh
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, DeskRequest, citizen_page, may, needs
from xaso.reports import actions, catalogue
from xaso.reports.actions import phones as joined
from xaso.reports.queries import helping
from xaso.reports.views import senders
from xaso.reports.views.helping_forms import OTHER, HelperForm


@needs("camera", "geolocation")
@citizen_page
@caching.public(60)
def shell(request: CommuneRequest) -> HttpResponse:
    """Show the helper's form as phones keep it: the same for all, no name, no token."""
    kinds = catalogue.of(request.commune.id)
    villages = places.named_villages(request.commune)
    form = HelperForm(kinds=kinds, villages=villages, initial={"whose": OTHER, "agreed_in": "vie"})
    context = {
        "form": form,
        "kinds": [{"value": k.code, "text": k.name, "icon": k.icon} for k in kinds.choices],
        "no_place": [k.code for k in kinds.choices if k.pin == "no"],
        "near": [
            {"id": v.pk, "code": v.code, "name": v.full_name, "lat": v.lat, "lon": v.lon}
            for v in villages
        ],
    }
    return render(request, "reports/citizen/helped.html", context)


@may("reports.help")
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def phones(request: DeskRequest) -> HttpResponseBase:
    """Show the helper's own phones, or join this one: its token stands on this page once."""
    fault, token, phone = "", "", None
    response = HttpResponse()
    if request.method == "POST":
        device = senders.know_device(request, response)
        name = request.POST.get("ten", "")
        try:
            phone, token = actions.join_phone(request.commune, device, name, by=request.actor)
        except Invalid as refusal:
            fault = " ".join(s for found in refusal.errors.values() for s in found)
    given = phone and {
        "token": token,
        "until": phone.until.isoformat(),
        "who": joined.mark(request.commune, request.actor.id),
    }
    context = {
        "fault": [fault] if fault else [],
        "given": given,
        "until": phone.until if phone else None,
        "rows": helping.phones(request.commune, request.actor.id),
        "crumbs": [(reverse("reports_desk:help"), _("Gửi hộ bà con"))],
    }
    shown = render(request, "reports/desk/phones.html", context, status=422 if fault else 200)
    shown.cookies.update(response.cookies)
    return shown


@may("reports.help")
@require_POST
def end(request: DeskRequest, phone: int) -> HttpResponse:
    """End one of the helper's own phones."""
    actions.end_phone(request.commune, phone, by=request.actor, is_own=True)
    messages.success(request, _("Đã thôi dùng máy đó."))
    return redirect("reports_desk:phones")


@may("reports.manage")
@require_safe
def every(request: DeskRequest) -> HttpResponse:
    """List the phones of all helpers."""
    context = {"rows": helping.phones(request.commune)}
    return render(request, "reports/desk/every_phone.html", context)


@may("reports.manage")
@require_POST
def revoke(request: DeskRequest, phone: int) -> HttpResponse:
    """Take a phone's right back: it sends nothing more; what waits on it stays there."""
    actions.end_phone(request.commune, phone, by=request.actor)
    messages.success(request, _("Đã thu hồi. Máy đó không gửi hộ được nữa."))
    return redirect("reports_desk:every_phone")
