"""Pages of no room: error pages, language and letters, and what browsers ask of every site."""

import sys
from pathlib import Path

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.web import caching, errors

_YEAR = 31_536_000
_ICONS = Path(__file__).parent / "static/web/icons"
_LETTERS = {"to", "vua"}


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read."""
    return errors.page(request, 400)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer someone who may not do this."""
    return errors.page(request, 403)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return errors.page(request, 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer our own mistake; when the database is what failed, say that it will be back."""
    error = sys.exc_info()[1]
    if errors.is_outage(error):
        return errors.page(request, errors.outage(error))
    return errors.page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open too long or came from another site."""
    words = errors.Said(
        title=_("Trang này để lâu quá rồi"),
        text=_("Máy chưa nhận được gì. Bác quay lại, tải lại trang rồi bấm gửi lần nữa."),
    )
    return errors.page(request, 403, words)


# The switch changes nothing but the looks, so it needs no token; pages without a token can be
# kept by proxies and hold no secret for a compression attack.
@csrf_exempt
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Remember the language or the size of letters, and go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = get_script_prefix()
    response = HttpResponseRedirect(target)
    if request.POST.get("ngon_ngu") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, request.POST["ngon_ngu"])
    if request.POST.get("chu") in _LETTERS:
        # Read by xaso.js too, which changes the letters without a new page.
        _keep(response, "chu", request.POST["chu"], httponly=False)
    return response


def _keep(response: HttpResponse, name: str, value: str, *, httponly: bool = True) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=httponly,
    )


@require_safe
@caching.public(86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines away from officials' pages and from what changes by the minute."""
    closed = ("can-bo", "dang-nhap", "api", "ioc", "t")
    lines = ["User-agent: *", *(f"Disallow: /{x}/" for x in closed)]
    lines += [f"Disallow: /*/{x}/" for x in closed]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> FileResponse:
    """Answer the address every browser asks for by itself."""
    response = FileResponse((_ICONS / "favicon.ico").open("rb"), content_type="image/x-icon")
    response["Cache-Control"] = "public, max-age=86400"
    return response
