"""Headers that no package of ours sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SecurityHeaders:
    """Keep our answers to our own pages, and what is about one person out of every cache.

    Each answer says that it is ours: behind a hotel's or a school's Wi-Fi a phone is answered by a
    sign-in page, and its worker must neither keep that nor take it for an acknowledgement.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add what is missing."""
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Xaso", "1")
        kept = response.get("Cache-Control", "")
        if "no-store" not in kept and (not kept or response.cookies):
            # What a view did not declare public, or hands a cookie over, may be about one person.
            response["Cache-Control"] = "no-store"
        return response
