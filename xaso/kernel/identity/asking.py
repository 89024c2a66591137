"""Asking again who it is, without losing what was being sent."""

import copy
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse

from xaso.kernel.identity.models import Official

FRESH_SECONDS = 300
_SENT = "sent_before_asking"
_MOST_KEPT = 100_000  # characters of a form kept in a session
View = Callable[..., HttpResponseBase]


def is_fresh(request: HttpRequest) -> bool:
    """Return whether the official proved who they are within the last five minutes."""
    user = request.user
    if not isinstance(user, Official):
        return False
    records = get_authentication_records(request, user)
    now = time.time()
    return any(now - record["at"] < FRESH_SECONDS for record in records)


def is_proved_since(request: HttpRequest, moment: float) -> bool:
    """Return whether the official proved who they are at or after a moment (epoch seconds)."""
    user = request.user
    if not isinstance(user, Official):
        return False
    return any(record["at"] >= moment for record in get_authentication_records(request, user))


def fresh(view: View) -> View:
    """Ask for the password or the second factor again before a sensitive page or action.

    What was sent is kept and goes on by itself afterwards.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return ask_again(request)

    return checked


def ask_again(request: HttpRequest, keep: float = FRESH_SECONDS) -> HttpResponse:
    """Send the official to the question; what they were sending waits `keep` seconds for them."""
    flows = get_reauthentication_flows(request.user)
    here = request.get_full_path()
    if not flows:  # signed in from outside alone: only the outside can prove it again
        logout(request)
        return redirect_to_login(here, reverse("account_login"))
    if request.method == "POST":
        sent = request.POST.urlencode()
        kept = {"to": here, "form": sent, "until": time.time() + keep}
        request.session[_SENT] = kept if len(sent) < _MOST_KEPT else None
    door = {
        "reauthenticate": "account_reauthenticate",
        "mfa_reauthenticate": "mfa_reauthenticate",
    }[flows[0]["id"]]
    return redirect_to_login(here, reverse(door))


def then_go_on(view: View) -> View:
    """Let a page that asks again do, once answered, what was being sent when it asked."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302 and is_fresh(request):
            return _go_on(request, response["Location"]) or response
        return response

    return asked


def _go_on(request: HttpRequest, to: str) -> HttpResponseBase | None:
    """Send again what waits for this address, as the same browser would.

    It went through every check on its first way; the view asks for the rights once more.
    """
    sent = request.session.pop(_SENT, None)
    if not sent or sent["to"] != to or time.time() > sent["until"]:
        return None
    path = urlsplit(to).path.removeprefix(request.META.get("SCRIPT_NAME", ""))
    again = copy.copy(request)
    again.path, again.path_info = urlsplit(to).path, path
    again.POST = QueryDict(sent["form"])
    match = resolve(path, urlconf=getattr(request, "urlconf", None))
    again.resolver_match = match
    return cast("HttpResponseBase", match.func(again, *match.args, **match.kwargs))
