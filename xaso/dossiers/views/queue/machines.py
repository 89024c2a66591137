"""Machines of the waiting room: one gives numbers, one shows and calls them."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers import actions
from xaso.dossiers.models import QueueDevice, Ticket
from xaso.dossiers.queries import waiting
from xaso.dossiers.views.queue.codes import drawn
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.voices import queries as voices
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock

COOKIE = "may_quay"
POLL_SECONDS = 2
_HOME = {
    QueueDevice.Kind.KIOSK: "dossiers_queue:kiosk",
    QueueDevice.Kind.CALLS: "dossiers_queue:calls",
}
_REASONS = ("elderly", "disabled", "pregnant", "child", "far")


@require_safe
@citizen_page
def enter(request: CommuneRequest, token: str) -> HttpResponse:
    """Let a machine in: its token goes into a cookie of its own page, out of the address."""
    device = next(
        (
            found
            for kind in QueueDevice.Kind
            if (found := waiting.device_of(token, request.commune, kind))
        ),
        None,
    )
    if device is None:
        raise Http404
    home = reverse(_HOME[QueueDevice.Kind(device.kind)])
    answer = HttpResponseRedirect(home)
    answer["Referrer-Policy"] = "no-referrer"
    answer.set_cookie(
        COOKIE,
        token,
        expires=device.expires_at,
        path=home,
        httponly=True,
        secure=settings.XASO_HTTPS,
        samesite="Lax",
    )
    return answer


@require_safe
@citizen_page
def kiosk(request: CommuneRequest) -> HttpResponse:
    """Show the groups as large buttons; a number is one tap, a reason to go first one more."""
    _device(request, QueueDevice.Kind.KIOSK)
    counts = waiting.waiting(request.commune)
    groups = [
        (group, counts.get(group.letter, {}).get("all", 0))
        for group in waiting.groups(request.commune, is_open=True)
    ]
    labels = dict(Ticket.Priority.choices)
    context = {
        "groups": groups,
        "reasons": [(key, labels[key]) for key in _REASONS],
        "key": uuid4(),
    }
    return render(request, "dossiers/queue/kiosk.html", context)


@require_POST
@citizen_page
def take(request: CommuneRequest) -> HttpResponse:
    """Give a number and show it, ready for the small printer."""
    _device(request, QueueDevice.Kind.KIOSK)
    by = Actor("resident", "", "kiosk")
    try:
        code = request.POST.get("ma", "").strip()
        if code:
            ticket = actions.check_in(code, commune=request.commune, by=by)
        else:
            new = actions.NewTicket(
                uuid=_uuid(request.POST.get("key", "")),
                letter=request.POST.get("nhom", "")[:1],
                priority=request.POST.get("uu_tien", ""),
            )
            ticket = actions.issue(new, commune=request.commune, by=by)
    except Refusal as refusal:
        context = {"refusal": str(refusal) or _("Bác chọn lại giúp.")}
        return render(request, "dossiers/queue/kiosk_no.html", context, status=refusal.status)
    return redirect("dossiers_queue:printed", ticket.uuid)


@require_safe
@citizen_page
def printed(request: CommuneRequest, uuid: UUID) -> HttpResponse:
    """Show a number just given: large on the screen, 80 mm on paper."""
    _device(request, QueueDevice.Kind.KIOSK)
    found = waiting.standing(request.commune, uuid)
    if found is None:
        raise Http404
    address = request.build_absolute_uri(reverse("dossiers_queue:standing", args=[uuid]))
    context = {"found": found, "address": address, "qr": drawn(address)}
    return render(request, "dossiers/queue/printed.html", context)


@require_safe
@citizen_page
def calls(request: CommuneRequest) -> HttpResponse:
    """Show the numbers being called, for the large screen of the room."""
    _device(request, QueueDevice.Kind.CALLS)
    language = request.GET.get("tieng", "vie")
    context = {
        "calls": waiting.calls(request.commune),
        "waiting": waiting.waiting(request.commune),
        "groups": waiting.groups(request.commune, is_open=True),
        "now": clock.now(),
        "clips": _clips(request.commune, language),
        "seconds": POLL_SECONDS,
    }
    return render(request, "dossiers/queue/calls.html", context)


@require_safe
@citizen_page
def calls_data(request: CommuneRequest) -> HttpResponse:
    """Answer what the screen asks every two seconds; 304 while nothing was called."""
    _device(request, QueueDevice.Kind.CALLS)
    found = waiting.calls(request.commune)
    etag = f'"{"-".join(f"{c.ticket}.{c.calls}" for c in found)}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    rows = [
        {
            "key": f"{each.ticket}.{each.calls}",
            "label": each.label,
            "letter": each.letter,
            "digits": f"{each.number:03d}",
            "counter": str(each.counter),
        }
        for each in found
    ]
    return JsonResponse({"calls": rows}, headers={"ETag": etag, "Cache-Control": "no-cache"})


def _clips(commune: Commune, language: str) -> dict[str, str]:
    """Return the addresses of what a call is spoken from, in one language, else Vietnamese."""
    found = {}
    root = reverse("portal:home")
    for key, said in voices.clips(commune.id).items():
        if key.startswith("queue."):
            path = said.get(language) or said.get("vie")
            if path:
                found[key.removeprefix("queue.")] = f"{root}{path}"
    return found


def _device(request: HttpRequest, kind: str) -> QueueDevice:
    found = waiting.device_of(request.COOKIES.get(COOKIE, ""), request.commune, kind)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
