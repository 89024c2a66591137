"""The sender's own browser is told: it agrees, takes it back, or comes under a new address."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications import queries as channels
from xaso.kernel.refusals import NotFound
from xaso.kernel.web import away, caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.reports import actions, queries
from xaso.reports.actions.reaching import Wish, without_push
from xaso.reports.models import Follower, Report
from xaso.reports.queries import following
from xaso.reports.views import senders

_MOST = 4_000  # bytes of a subscription
Followed = Report | Follower


def box(request: CommuneRequest, code: str, of: Followed) -> dict[str, object] | None:
    """Return what the box "this phone is told" shows; nothing where it would be of no use.

    It is there for the device that sent the report or joined it, while the commune has the channel.
    """
    device = senders.device_hash(request)
    worker = away.worker(request)
    if not worker or not _is_of(device, of):
        return None
    if "push" not in channels.open_channels(request.commune.id):
        return None
    return {
        "key": notifications.push_key(),
        "url": reverse("reports:listen", args=[code]),
        "stop": reverse("reports:listen_no_more", args=[code]),
        "worker": worker,
        "is_on": _wants(of) and channels.does_listen(device, request.commune.id),
    }


@citizen_page
@require_POST
@caching.personal
def listen(request: CommuneRequest, code: str) -> HttpResponse:
    """Take the subscription of the sender's own browser; from now on it is told."""
    found, device = _own(request, code)
    notifications.listen(device, _browser(_said(request)), commune=request.commune.id)
    by = senders.resident(request)
    if isinstance(found, Report):
        actions.prefer(found, Wish("push"), by=by)
    else:
        actions.tell_device(found, is_on=True, by=by)
    return JsonResponse({"text": _("Đã bật. Có tin mới, điện thoại này sẽ báo.")})


@citizen_page
@require_POST
@caching.personal
def stop(request: CommuneRequest, code: str) -> HttpResponse:
    """Tell this browser nothing more, of whatever it sent; a known phone is told by text."""
    found, device = _own(request, code)
    notifications.stop_listening(device, commune=request.commune.id)
    by, instead = senders.resident(request), without_push(found.reporter)
    if isinstance(found, Report):
        actions.prefer(found, Wish(instead), by=by)
    else:
        actions.tell_device(found, is_on=False, by=by)
    if instead == "sms":
        said = _("Đã tắt trên máy này. Xã nhắn vào số điện thoại bà con đã ghi.")
    else:
        said = _("Đã tắt trên máy này. Bà con xem tin ở trang này bất cứ lúc nào.")
    return JsonResponse({"text": said})


# Sent by the worker when no page is open; it has no token, but a header no other site can send.
@csrf_exempt
@citizen_page
@require_http_methods(["PUT"])
@caching.personal
def relisten(request: CommuneRequest) -> HttpResponse:
    """Take a browser's new address for messages in the place of its old one."""
    if request.headers.get("X-Xaso-Outbox") != "1":
        raise NotFound
    said = _said(request)
    if not isinstance(said, dict) or not isinstance(said.get("old"), str):
        raise notifications.NotASubscription
    is_known = notifications.listen_anew(
        said["old"][:_MOST],
        _browser(said.get("now")),
        device=senders.device_hash(request),
        commune=request.commune.id,
    )
    return JsonResponse({"known": is_known})


def _wants(of: Followed) -> bool:
    """Return whether somebody chose to be told of this very matter on their device."""
    return of.reporter is not None and of.reporter.preferred == "push"


def _own(request: CommuneRequest, code: str) -> tuple[Followed, str]:
    """Return what this device sent or joined under a code, and the device. NotFound for others."""
    code = queries.check_code(code)
    found: Followed = following.by_code(request.commune, code) or queries.by_code(
        request.commune, code
    )
    device = senders.device_hash(request)
    if not _is_of(device, found):
        raise NotFound
    return found, device


def _is_of(device: str, of: Followed) -> bool:
    """Return whether a device sent or joined this, or is the one that agreed to be told of it.

    The first is forgotten after some days, the second only with the contact.
    """
    agreed = of.reporter.browser if of.reporter else ""
    return bool(device) and device in {of.device_hash, agreed}


def _said(request: HttpRequest) -> Any:  # noqa: ANN401  (JSON)
    if len(request.body) > _MOST:
        raise notifications.NotASubscription
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise notifications.NotASubscription from error


def _browser(said: Any) -> notifications.Browser:  # noqa: ANN401  (JSON)
    """Read what the browser's own interface hands over (PushSubscription as JSON)."""
    try:
        keys = said["keys"]
        found = (said["endpoint"], keys["p256dh"], keys["auth"])
    except (KeyError, TypeError) as error:
        raise notifications.NotASubscription from error
    if not all(isinstance(each, str) for each in found):
        raise notifications.NotASubscription
    return notifications.Browser(*found)
