"""What a view can rely on, and who may open it."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django_permissions_policy.decorators import permissions_policy_override

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.web import caching

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


class CommuneRequest(HttpRequest):
    """A request to a commune's address."""

    commune: Commune


class DeskRequest(CommuneRequest):
    """A request from an official who has signed in and holds a role in the commune."""

    user: Official
    actor: Actor


def citizen_page(
    view: Callable[Concatenate[CommuneRequest, P], HttpResponseBase],
) -> View:
    """Open a view to everyone, at a commune's address only (404 elsewhere)."""

    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "commune", None) is None:
            raise Http404
        return view(cast("CommuneRequest", request), *args, **kwargs)

    return opened


def may(
    permission: str,
) -> Callable[[Callable[Concatenate[DeskRequest, P], HttpResponseBase]], View]:
    """Open a view to officials of the commune who hold the permission; nobody keeps a copy.

    Anonymous people go to the sign-in; an official without a role in this commune gets a 404 (the
    page is not theirs to know of), one without the permission a 403.
    """

    def guard(view: Callable[Concatenate[DeskRequest, P], HttpResponseBase]) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if getattr(request, "commune", None) is None:
                raise Http404
            if not request.user.is_authenticated:
                return sign_in(request)
            actor = identity.actor(request)
            if not actor.roles:
                raise Http404
            desk = cast("DeskRequest", request)
            desk.actor = actor
            desk.allowed = partial(identity.may, actor)  # type: ignore[attr-defined]
            if not identity.may(actor, permission):
                raise PermissionDenied
            return view(desk, *args, **kwargs)

        return caching.personal(checked)

    return guard


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send someone to the sign-in and back; a fragment sends the whole page there."""
    try:
        door = reverse("account_login")
    except NoReverseMatch:
        door = settings.LOGIN_URL
    response = redirect_to_login(request.get_full_path(), door)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


def needs(*features: str) -> Callable[[View], View]:
    """Let the browser offer `camera`, `geolocation`, `microphone` on this page; no other may."""
    policy: dict[str, str | list[str] | tuple[str]] = {
        name: ["self"] if name in features else [] for name in settings.PERMISSIONS_POLICY
    }
    return permissions_policy_override(policy)
