"""Which commune an address belongs to, and one transaction inside it for the whole request."""

import re
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, is_valid_path, set_script_prefix

from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web import errors
from xaso.kernel.web.middleware import bodies, directory

GetResponse = Callable[[HttpRequest], HttpResponse]

_SEGMENT = re.compile(r"/([a-z][a-z0-9-]+)(/.*)?")
# Asked while the database may be down: these never wait for it.
_ALWAYS = {"/healthz", "/favicon.ico", "/robots.txt"}


class CommuneOfAddress:
    """Set `request.commune` from the host or the first path segment and work inside it.

    `/binh-lu/phan-anh/` becomes `/phan-anh/` under SCRIPT_NAME `/binh-lu`, so `reverse` needs no
    argument. Addresses of no commune (`/`, `/healthz`, `/t/…`) follow `SHARED_URLCONF` and open
    no transaction of their own; an unknown first segment finds nothing there and is a 404.

    The body is read before the transaction opens: a slow phone must not hold a connection. The
    rest of the chain (session, sign-in, view) is one transaction, undone when the answer is a
    refusal or a 5xx. When the database fails, the answer is a calm 503.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the commune, read the body, answer inside one transaction."""
        request.commune = None  # type: ignore[attr-defined]
        prefix = get_script_prefix()
        try:
            return bodies.read(request) or self._answer(request)
        except Exception as error:
            if not errors.is_outage(error):
                raise
            _recall(request)
            return errors.page(request, errors.outage(error))
        finally:
            set_script_prefix(prefix)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Answer; `/binh-lu` without its slash goes to `/binh-lu/`."""
        commune = _find(request)
        if commune is not None and not request.path_info:
            return HttpResponseRedirect(f"{request.path}/")
        if commune is None:
            request.urlconf = settings.SHARED_URLCONF
            return self.get_response(request)
        request.commune = commune  # type: ignore[attr-defined]
        with transaction.atomic():
            tenancy.enter(commune.id)
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(response, "refused", False):
                transaction.set_rollback(True)
        return response


def _recall(request: HttpRequest) -> None:
    """Know the commune as last seen, so that the page of an outage can name its phone."""
    known = getattr(request, "commune", None) or directory.last_seen(request.path_info)
    request.commune = known  # type: ignore[attr-defined]


def _find(request: HttpRequest) -> Commune | None:
    """Return the commune of the host, else of the first segment, which then moves away."""
    path = request.path_info
    if path in _ALWAYS:
        return None
    own = directory.by_host(_host(request))
    if own is not None:
        return own
    if is_valid_path(path, settings.SHARED_URLCONF):
        return None
    found = _SEGMENT.fullmatch(path)
    commune = directory.by_slug(found.group(1)) if found else None
    if commune is not None and found is not None:
        _move(request, found.group(1), found.group(2) or "")
    return commune


def _move(request: HttpRequest, segment: str, rest: str) -> None:
    script = request.META.get("SCRIPT_NAME", "").rstrip("/") + f"/{segment}"
    request.META["SCRIPT_NAME"] = script
    request.path_info = request.META["PATH_INFO"] = rest
    set_script_prefix(f"{script}/")


def _host(request: HttpRequest) -> str:
    """Return the host's name; Django refuses a host we do not serve (400)."""
    return request.get_host().rpartition(":")[0] or request.get_host()
