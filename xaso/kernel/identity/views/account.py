"""An official's own account, and the pages for someone who may not go on."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.views import password_reset
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from xaso.kernel.identity import queries, sign_in
from xaso.kernel.identity.models import Official

View = Callable[..., HttpResponseBase]


@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show an official their account: password, second factor, keys, sessions."""
    official = cast("Official", request.user)
    factors = {factor.type: factor for factor in Authenticator.objects.filter(user=official)}
    recovery = factors.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "official": official,
        "has_codes": Authenticator.Type.TOTP in factors,
        "keys": Authenticator.objects.filter(
            user=official, type=Authenticator.Type.WEBAUTHN
        ).count(),
        "left": len(recovery.wrap().get_unused_codes()) if recovery else 0,
        "is_protected": bool(factors),
        "must_enrol": bool(settings.XASO_SECOND_FACTOR and not factors),
        "sessions": UserSession.objects.filter(user=official).count(),
        "outside": list(official.outside.all()),
        "outside_name": settings.XASO_OIDC_NAME if settings.XASO_OIDC_ISSUER else "",
        "is_shared": queries.is_shared_computer(request),
        "desk": sign_in.desk_of(official, getattr(request, "commune", None)),
    }
    return render(request, "identity/account.html", context)


@never_cache
@login_required
def not_granted(request: HttpRequest) -> HttpResponse:
    """Say that the account has no role yet, and whom to ask."""
    return render(request, "identity/not_granted.html", status=403)


@never_cache
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Send a link by e-mail where e-mail is set up; else say who can help."""
    if not settings.XASO_EMAIL_ON:
        return render(request, "identity/ask_administrator.html")
    return cast("HttpResponseBase", password_reset(request))


def locked(
    request: HttpRequest,
    *_args: Any,  # noqa: ANN401
    **_kwargs: Any,  # noqa: ANN401
) -> HttpResponse:
    """Answer someone whose account took too many wrong passwords (AXES_LOCKOUT_CALLABLE)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    response = render(request, "identity/locked.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
