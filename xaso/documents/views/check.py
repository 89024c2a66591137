"""Checking a slip: in the browser alone where it can, by the server where it cannot."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xaso.documents import checking, queries
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page, needs
from xaso.kernel.working_time import clock


@needs("camera")
@citizen_page
@require_safe
@caching.public(300)
def check(request: CommuneRequest) -> HttpResponse:
    """Show the page that checks what stands after # in its own address, also without a network."""
    return render(request, "documents/check/page.html")


@citizen_page
@require_safe
def check_text(request: CommuneRequest) -> HttpResponse:
    """Check a typed or pasted code on the server, for browsers that cannot."""
    typed = request.GET.get("ma", "").strip()[:2_000]
    verdict = queries.checked(typed, commune=request.commune) if typed else None
    context = {"typed": typed, "verdict": verdict}
    response = render(request, "documents/check/answer.html", context)
    response["Cache-Control"] = "no-store"
    return response


@citizen_page
@require_safe
@caching.public(300)
def keys(request: CommuneRequest) -> JsonResponse:
    """Publish the commune's public keys; phones keep them for the day without a network."""
    return JsonResponse(
        {
            "commune": request.commune.full_name,
            "as_of": clock.now().isoformat(timespec="minutes"),
            "keys": checking.published(request.commune),
        }
    )
