"""The administrator sees what was told and what did not come through."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.notifications import actions, queries
from xaso.kernel.notifications.models import Message
from xaso.kernel.places.models import Commune

_PERMISSION = "notifications.manage"


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the newest messages; in the demo this page is the inbox."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    commune, _administrator = _opened(request)
    context = {"outbox": queries.newest(commune.id)}
    response = render(request, "notifications/desk/outbox.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
def send_again(request: HttpRequest, message: UUID) -> HttpResponse:
    """Try a message once more."""
    commune, administrator = _opened(request)
    found = get_object_or_404(Message, pk=message, commune=commune)
    actions.send_again(found, by=administrator)
    return redirect("notifications:outbox")


def _opened(request: HttpRequest) -> tuple[Commune, Actor]:
    """Return where we are and who asks; strangers learn nothing of the page."""
    commune: Commune | None = getattr(request, "commune", None)
    who = identity.actor(request)
    if commune is None or not who.roles:
        raise Http404
    if not identity.may(who, _PERMISSION):
        raise PermissionDenied
    return commune, who
