"""How long a sign-in holds: idle, absolute, and what has to be done first."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.kernel.identity import asking, queries
from xaso.kernel.identity.models import Official

SIGNED_IN_AT, SEEN_AT, MUST_ENROL = "signed_in_at", "seen_at", "must_enrol"
LOCKED_AT = "locked_at"
IDLE = timedelta(minutes=30)
SHARED_IDLE = timedelta(minutes=10)  # at a desk that others use too: locked, not signed out
LONGEST = timedelta(hours=12)
_NOTE_EVERY = timedelta(minutes=1)  # how often a session's last use is written down
# What a locked session may still open: the question itself, locking again, and the way out.
_DOORS = re.compile(r"/(tai-khoan/(hoi-lai|khoa-man-hinh)|dang-xuat)/")


class SignedInForNow:
    """Sign officials out after 30 idle minutes or 12 hours; send newcomers to what is missing.

    At a shared desk ten idle minutes lock the session instead: the password opens it again, and a
    form that was sent meanwhile goes on by itself. Real time counts here, as in Django's own
    sessions, not the clock that demo data sets. A resident without a session costs nothing here:
    the session is not even read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the sign-in's age, then answer."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._end_when_old(request)
            if _is_locked(request):
                return _ask_for_the_password(request)
            first = self._first_of_all(request)
            if first:
                return HttpResponseRedirect(first)
        return self.get_response(request)

    def _end_when_old(self, request: HttpRequest) -> None:
        """End a session that was open too long, or idle; at a shared desk lock it instead."""
        now = time.time()
        began = request.session.setdefault(SIGNED_IN_AT, now)
        idle = now - request.session.setdefault(SEEN_AT, now)
        is_over = now - began > LONGEST.total_seconds()
        if idle > SHARED_IDLE.total_seconds() and not is_over and _is_shared(request):
            lock(request)
        elif is_over or idle > IDLE.total_seconds():
            logout(request)
            messages.info(request, _("Phiên làm việc đã hết giờ. Xin đăng nhập lại."))
        elif idle > _NOTE_EVERY.total_seconds():
            request.session[SEEN_AT] = now

    def _first_of_all(self, request: HttpRequest) -> str:
        """Return where an official has to go before the desk opens, or an empty text."""
        if not request.path_info.startswith("/can-bo/"):
            return ""
        user = request.user
        if isinstance(user, Official) and user.must_change_password:
            return reverse("account_change_password")
        if request.session.get(MUST_ENROL) and isinstance(user, Official):
            if not is_mfa_enabled(user):
                return reverse("mfa_index")
            del request.session[MUST_ENROL]
        return ""


def lock(request: HttpRequest) -> None:
    """Lock a session until its official proves who they are once more."""
    now = time.time()
    request.session[LOCKED_AT] = request.session[SEEN_AT] = now


def _is_shared(request: HttpRequest) -> bool:
    return LOCKED_AT in request.session or queries.is_at_shared_desk(request)


def _is_locked(request: HttpRequest) -> bool:
    """Return whether this request has to wait; a proof since then opens the session again."""
    locked_at = request.session.get(LOCKED_AT)
    if locked_at is None or _DOORS.match(request.path_info):
        return False
    if asking.is_proved_since(request, locked_at):
        del request.session[LOCKED_AT]
        return False
    return True


def _ask_for_the_password(request: HttpRequest) -> HttpResponse:
    """Ask; a form that was sent waits in the session, and what scripts fetch is told to wait."""
    is_page = "text/html" in request.headers.get("Accept", "") or request.method == "POST"
    if request.path_info.startswith("/api/") or not is_page:
        return HttpResponse(status=401)
    response = asking.ask_again(request, keep=LONGEST.total_seconds())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response
