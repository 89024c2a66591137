"""How a browser shows that it belongs to a report's sender, without an account."""

from django.http import HttpRequest, HttpResponse

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import keys
from xaso.kernel.identity import queries as identity
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import dates
from xaso.kernel.web.http import CommuneRequest
from xaso.kernel.working_time import clock
from xaso.reports.models import Follower, Report

_SALT = "reports.sender"
_OPEN_SECONDS = 24 * 3600
_DEVICE_SECONDS = 400 * 24 * 3600  # the longest browsers keep a cookie


def device_hash(request: CommuneRequest) -> str:
    """Return the digest of the browser's device token in this commune, or an empty text."""
    token = identity.device_token(request)
    return keys.device_digest(token, request.commune.id) if token else ""


def know_device(request: CommuneRequest, response: HttpResponse) -> str:
    """Give a browser without a device token a new one; return the digest of its token.

    No row is written for it yet.
    """
    known = device_hash(request)
    if known:
        return known
    token = keys.new_token()
    response.set_signed_cookie(
        identity.DEVICE_COOKIE,
        token,
        salt=identity.DEVICE_SALT,
        max_age=_DEVICE_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return keys.device_digest(token, request.commune.id)


def address_hash(request: CommuneRequest, near: str) -> str:
    """Return the digest of an address's neighbourhood."""
    return blind(near, context=f"reports.address.{request.commune.id}")


def is_sender(request: CommuneRequest, report: Report) -> bool:
    """Return whether the browser sent this report, or gave its second factor today."""
    if report.device_hash and report.device_hash == device_hash(request):
        return True
    return _is_open(request, report.code)


def is_follower(request: CommuneRequest, follower: Follower) -> bool:
    """Return whether the browser joined as this follower, or gave their second factor today."""
    if follower.device_hash and follower.device_hash == device_hash(request):
        return True
    return _is_open(request, follower.own_code)


def gave_factor(request: CommuneRequest, code: str) -> bool:
    """Return whether the browser gave the second factor of a code today; its device is not asked.

    A phone goes from hand to hand: what names the sender opens by the four digits alone.
    """
    return _is_open(request, code)


def open_for(request: HttpRequest, response: HttpResponse, report: Report) -> None:
    """Remember for a day that this browser knows the second factor."""
    open_code(request, response, report.code)


def open_code(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Remember for a day that this browser knows the second factor of a code."""
    response.set_signed_cookie(
        f"mo_{code}",
        code,
        salt=_SALT,
        max_age=_OPEN_SECONDS,
        path=f"{request.META.get('SCRIPT_NAME', '')}/phan-anh/{code}/",
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def resident(request: CommuneRequest) -> Actor:
    """Return the sender as an actor: no account, no name, at most a mark of their device.

    History and log book outlive what is kept of a device, so the mark is another one every day: it
    tells whether two acts of a day were one phone's, and leads to no phone afterwards.
    """
    device = device_hash(request)
    day = dates.local(clock.now()).date().isoformat()
    mark = blind(f"{day}/{device}", context="reports.actor")[:32] if device else ""
    return Actor("resident", mark, "web")


def _is_open(request: CommuneRequest, code: str) -> bool:
    said = request.get_signed_cookie(f"mo_{code}", default="", salt=_SALT, max_age=_OPEN_SECONDS)
    return said == code
