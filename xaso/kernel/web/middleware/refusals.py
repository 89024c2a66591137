"""A refused action becomes a sentence on the screen, never a crash."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from xaso.kernel.refusals import Invalid, Refusal, TooMany
from xaso.kernel.web import errors


class SayWhy:
    """Answer a refusal with its own sentence and status, and an outage with a calm page.

    The answer carries `refused`, by which `CommuneOfAddress` undoes what was begun.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal or an outage into a page; leave every other error alone."""
        if errors.is_outage(error):
            return errors.page(request, errors.outage(error))
        if isinstance(error, Refusal):
            return said(request, error)
        return None


def said(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page of a refusal, with the seconds to wait when it is too early."""
    faults = refusal.errors if isinstance(refusal, Invalid) else {}
    words = errors.Said(text=str(refusal.sentence), code=refusal.code, faults=faults)
    response = errors.page(request, refusal.status, words)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    response.refused = True  # type: ignore[attr-defined]
    return response
