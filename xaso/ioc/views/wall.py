"""The wall: a screen with a token, or an official who may read the figures."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from xaso.ioc import actions, picture, queries, snapshots
from xaso.ioc.models import OVERVIEW, WallDevice
from xaso.ioc.views import looking
from xaso.kernel.live import queries as live
from xaso.kernel.places import queries as places
from xaso.kernel.text import dates
from xaso.kernel.web.http import CommuneRequest, DeskRequest, citizen_page, may
from xaso.reports.actions.steps import TOPIC

REFRESH_SECONDS = 30
STALE_MINUTES = 10


@require_safe
@citizen_page
def enter(request: CommuneRequest, token: str) -> HttpResponse:
    """Let a screen in: keep its token in a cookie of the wall's own paths, out of the address."""
    device = queries.screen_of(token, request.commune, OVERVIEW)
    if device is None:
        raise Http404
    actions.seen(device)
    answer = HttpResponseRedirect(reverse("ioc:wall"))
    answer["Referrer-Policy"] = "no-referrer"
    figures = reverse("ioc:snapshot", args=[OVERVIEW])
    # A kiosk may come to the page from one on its own disk; the figures are asked for by the page.
    for name, path in ((looking.PAGE, reverse("ioc:wall")), (looking.FIGURES, figures)):
        answer.set_cookie(
            name,
            token,
            expires=device.expires_at,
            path=path,
            httponly=True,
            secure=settings.XASO_HTTPS,
            samesite="Lax" if name == looking.PAGE else "Strict",
        )
    return answer


@require_safe
@citizen_page
def wall(request: CommuneRequest) -> HttpResponse:
    """Show the overview to a screen that was let in."""
    device = looking.screen(request, request.commune, looking.PAGE)
    if device is None:
        raise Http404
    return _board(request, device.theme)


@require_safe
@citizen_page
def stream(request: CommuneRequest) -> HttpResponse:
    """Answer where a board hears of changes, with a pass that is good for a minute."""
    device = looking.screen(request, request.commune, looking.PAGE)
    if device is None and not looking.may_look(request, request.commune):
        return HttpResponse(status=403)
    viewer = f"screen {device.pk}" if device else f"official {request.user.pk}"
    url = live.address(
        request.get_host(), topics=[TOPIC], commune=request.commune.id, viewer=viewer
    )
    return JsonResponse({"url": url})


@require_safe
@citizen_page
def keeper(request: CommuneRequest) -> HttpResponse:
    """Answer the wall's service worker: a screen that boots before its server opens by itself."""
    with translation.override("vi"):
        script = render(request, "ioc/wall/keeper.txt", content_type="text/javascript")
    script["Cache-Control"] = "no-cache"
    return script


@require_safe
@may("ioc.read")
def at_desk(request: DeskRequest) -> HttpResponse:
    """Show the overview to an official, in a window of its own."""
    return _board(request, WallDevice.Theme.DARK, home=reverse("desk:home"))


def _board(request: HttpRequest, theme: str, home: str = "") -> HttpResponse:
    commune = request.commune  # type: ignore[attr-defined]
    shown = snapshots.current(commune)
    now = dates.local(shown.as_of)
    with translation.override("vi"):
        return render(
            request,
            "ioc/wall/board.html",
            {
                "theme": request.GET.get("nen", theme),
                "commune": commune.full_name,
                "villages": len(places.villages(commune)),
                "people": picture.people(commune),
                "is_demo": commune.is_demo,
                "home": home or request.path,
                "keeper_url": "" if home else reverse("ioc:keeper"),
                "parts": {name: mark_safe(html) for name, html in shown.parts().items()},  # noqa: S308
                "etag": shown.etag,
                "as_of_iso": shown.as_of.isoformat(),
                "as_of_text": dates.gio(now),
                "weekday": capfirst(dates.weekday(now)),
                "day": f"{now:%d/%m/%Y}",
                "snapshot_url": reverse("ioc:snapshot", args=[OVERVIEW]),
                "live_url": reverse("ioc:stream"),
                "refresh_seconds": REFRESH_SECONDS,
                "stale_minutes": STALE_MINUTES,
            },
        )
