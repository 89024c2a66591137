"""Screens on walls: who hangs one gets its address once; who takes one down sees it go dark."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xaso.ioc import actions, queries
from xaso.ioc.forms import ScreenForm
from xaso.ioc.models import WallDevice
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock


@may("ioc.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def screens(request: DeskRequest) -> HttpResponse:
    """List the screens; a new one shows its address on this page and never again."""
    form = ScreenForm(request.POST or None)
    address = ""
    if request.method == "POST" and form.is_valid():
        hung = actions.hang_screen(**form.cleaned_data, commune=request.commune, by=request.actor)
        address = request.build_absolute_uri(reverse("ioc:enter", args=[hung.token]))
        form = ScreenForm()
    now = clock.now()
    rows = [(device, _state(device)) for device in queries.screens(request.commune)]
    context = {"form": form, "address": address, "screens": rows, "now": now}
    return render(request, "ioc/desk/screens.html", context, status=422 if form.errors else 200)


@may("ioc.manage")
@require_POST
def take_down(request: DeskRequest, device: int) -> HttpResponse:
    """Revoke a screen."""
    try:
        gone = actions.take_down(device, commune=request.commune, by=request.actor)
    except WallDevice.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Đã thu hồi màn hình “%(name)s”.") % {"name": gone.name})
    return redirect("ioc:screens")


def _state(device: WallDevice) -> dict[str, str]:
    """Return the chip of a screen."""
    if device.revoked_at:
        return {"text": _("Đã thu hồi"), "tone": "line", "icon": "x"}
    if device.expires_at <= clock.now():
        return {"text": _("Hết ngày"), "tone": "line", "icon": "clock"}
    if device.last_seen_at is None:
        return {"text": _("Chưa mở lần nào"), "tone": "cam", "icon": "circle-dashed"}
    if clock.now() - device.last_seen_at > actions.QUIET:
        return {"text": _("Mất liên lạc"), "tone": "cam", "icon": "wifi-off"}
    return {"text": _("Đang xem"), "tone": "xanh", "icon": "check"}
