"""How long a sign-in holds: idle, absolute, and what has to be done first."""

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

from xaso.kernel.identity.models import Official

SIGNED_IN_AT, SEEN_AT, MUST_ENROL = "signed_in_at", "seen_at", "must_enrol"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_NOTE_EVERY = timedelta(minutes=1)  # how often a session's last use is written down


class SignedInForNow:
    """Sign officials out after 30 idle minutes or 12 hours; send newcomers to what is missing.

    Real time counts here, as in Django's own sessions, not the clock that demo data sets.
    A resident without a session costs nothing here: the session is not even read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the sign-in's age, then answer."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._end_when_old(request)
            first = self._first_of_all(request)
            if first:
                return HttpResponseRedirect(first)
        return self.get_response(request)

    def _end_when_old(self, request: HttpRequest) -> None:
        """End a session that was idle or open too long."""
        now = time.time()
        began = request.session.setdefault(SIGNED_IN_AT, now)
        seen = request.session.setdefault(SEEN_AT, now)
        if now - seen > IDLE.total_seconds() or now - began > LONGEST.total_seconds():
            logout(request)
            messages.info(request, _("Phiên làm việc đã hết giờ. Xin đăng nhập lại."))
        elif now - seen > _NOTE_EVERY.total_seconds():
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
