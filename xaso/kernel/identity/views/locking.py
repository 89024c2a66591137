"""A screen that several officials share: locked when idle, opened again with the password."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xaso.kernel.identity import middleware, queries

_YEAR = 365 * 24 * 3600


@never_cache
@require_POST
@login_required
def lock(request: HttpRequest) -> HttpResponse:
    """Lock this session: nobody is at the screen. Nothing opens until the password is given."""
    middleware.lock(request)
    return HttpResponse(status=204)


@never_cache
@require_POST
@login_required
def shared_computer(request: HttpRequest) -> HttpResponse:
    """Remember on this computer whether several people use it; whoever signs in here is locked."""
    response = redirect("mfa_index")
    if request.POST.get("shared") == "1":
        response.set_signed_cookie(
            queries.SHARED_COOKIE,
            "1",
            salt=queries.SHARED_SALT,
            max_age=_YEAR,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
    else:
        response.delete_cookie(queries.SHARED_COOKIE)
    return response
