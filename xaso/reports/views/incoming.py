"""Where the SMS gateway hands over texts that people sent, and Zalo its events."""

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xaso.kernel.identity import queries as identity
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.refusals import Refusal, TooMany
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.reports import actions


# The gateway proves itself by its secret; it has no session and no token of a form.
@csrf_exempt
@citizen_page
@require_POST
@caching.personal
def text(request: CommuneRequest) -> HttpResponse:
    """Take a text in; the same one again is answered the same and does nothing."""
    try:
        incoming, is_new = notifications.take_in(
            request.commune.id,
            "sms",
            request.body,
            request.headers,
            address=identity.address(request),
        )
    except Refusal as refusal:
        return _refused(refusal)
    if is_new:
        actions.read_text(incoming, commune=request.commune)
    return JsonResponse({"ok": True})


# Zalo signs with the secret of the commune's account; anything but 200 makes it come again.
@csrf_exempt
@citizen_page
@require_POST
@caching.personal
def zalo(request: CommuneRequest) -> HttpResponse:
    """Take an event in; one nobody needs is answered like any other."""
    report_at = request.build_absolute_uri(reverse("reports:send"))
    try:
        notifications.hear(
            request.commune,
            request.body,
            request.headers,
            report_at=report_at,
            address=identity.address(request),
        )
    except Refusal as refusal:
        return _refused(refusal)
    return JsonResponse({"ok": True})


def _refused(refusal: Refusal) -> HttpResponse:
    answer = JsonResponse({"error": refusal.code}, status=refusal.status)
    if isinstance(refusal, TooMany):
        answer["Retry-After"] = str(refusal.retry_after)
    return answer
