"""Signing in with an account from outside: there, back, and linking it first."""

from typing import cast
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xaso.kernel.identity import actions, queries
from xaso.kernel.identity.asking import fresh
from xaso.kernel.identity.models import Official, OutsideIdentity

_KEPT = "outside"


@never_cache
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    return _start(request, link=False)


@never_cache
@login_required
@fresh
def link(request: HttpRequest) -> HttpResponse:
    """Send an official to the provider to link that account to this one."""
    return _start(request, link=True)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Take the browser back; an account nobody linked gets a page that says what to do."""
    kept = request.session.pop(_KEPT, None) or {}
    wants_link, after = kept.pop("link", ""), kept.pop("after", "")
    digest = actions.hear_outside(
        kept, state=request.GET.get("state", ""), code=request.GET.get("code", "")
    )
    if wants_link:
        return _linked(request, digest, wants_link)
    official = actions.recognise(digest)
    if official is None:
        context = {"provider": settings.XASO_OIDC_NAME}
        return render(request, "identity/not_known.html", context, status=403)
    record_authentication(request, official, method="outside")
    return cast("HttpResponse", perform_login(request, Login(user=official, redirect_url=after)))


@never_cache
@require_POST
@login_required
@fresh
def unlink(request: HttpRequest, key: int) -> HttpResponse:
    """Forget a linked account."""
    official = cast("Official", request.user)
    mine = get_object_or_404(OutsideIdentity, pk=key, official=official)
    actions.unlink_outside(mine, by=queries.actor(request))
    messages.success(request, _("Đã gỡ tài khoản bên ngoài."))
    return redirect("mfa_index")


def _start(request: HttpRequest, *, link: bool) -> HttpResponse:
    address, kept = actions.ask_outside(_redirect_uri(request))
    after = request.GET.get("next", "")
    kept["after"] = after if after and get_adapter().is_safe_url(after) else ""
    kept["link"] = str(request.user.pk) if link else ""
    request.session[_KEPT] = kept
    return HttpResponseRedirect(address)


def _redirect_uri(request: HttpRequest) -> str:
    """Return the one address registered at the provider: of the host, in no commune's folder."""
    path = reverse("identity_outside_back", urlconf=settings.SHARED_URLCONF)
    prefix = request.META.get("SCRIPT_NAME", "")
    path = path.removeprefix(prefix) if prefix else path
    return request.build_absolute_uri("/").rstrip("/") + urlsplit(path).path


def _linked(request: HttpRequest, digest: str, wanted_by: str) -> HttpResponse:
    """Finish linking, if it is still the same official who began it."""
    if not isinstance(request.user, Official) or str(request.user.pk) != wanted_by:
        raise actions.OutsideNotBelieved
    actions.link_outside(request.user, digest, by=queries.actor(request))
    messages.success(request, _("Đã nối. Từ nay có thể vào bằng tài khoản này."))
    return redirect("mfa_index")
