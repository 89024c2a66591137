"""Public pages answered again from memory within a second: a crowd asks the database once."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_MOST = 500  # answers kept per process, some five megabytes
_CHOICES = {settings.LANGUAGE_COOKIE_NAME, "chu"}  # cookies that choose how a page looks, not whose
_ASKS_MORE = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_AUTHORIZATION", "HTTP_RANGE")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer: its header and its markup belong together (the policy's nonce is in both)."""

    until: float
    content: bytes
    headers: tuple[tuple[str, str], ...]

    def again(self) -> HttpResponse:
        """Return it as a new response."""
        response = HttpResponse(self.content)
        for name, value in self.headers:
            response[name] = value
        return response


class Kept:
    """Keep what a view declared public, for people who bring no cookie of their own.

    `XASO_KEEP_SECONDS` (default 1) is the oldest an answer gets; 0 keeps nothing. An answer that
    sets a cookie, or is asked for with a session, a form's token or a condition, is never kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response
        self.answers: dict[Key, Answer] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, else ask and remember."""
        key = _key(request)
        if key is None:
            return self.get_response(request)
        known = self.answers.get(key)
        if known is not None and known.until > monotonic():
            return known.again()
        response = self.get_response(request)
        if _is_everybodys(response):
            if len(self.answers) >= _MOST:
                self.answers.clear()
            until = monotonic() + settings.XASO_KEEP_SECONDS
            headers = tuple(response.items())
            self.answers[key] = Answer(until, response.content, headers)
        return response


def _key(request: HttpRequest) -> Key | None:
    """Return what tells two answers apart; nothing when this one must not come from memory."""
    if not settings.XASO_KEEP_SECONDS or request.method != "GET":
        return None
    meta = request.META
    if any(name in meta for name in _ASKS_MORE) or set(request.COOKIES) - _CHOICES:
        return None
    chosen = (request.COOKIES.get(name, "") for name in sorted(_CHOICES))
    asked = (request.scheme or "", meta.get("HTTP_HOST", ""), request.get_full_path())
    return (*asked, meta.get("HTTP_ACCEPT_ENCODING", ""), meta.get("HTTP_HX_REQUEST", ""), *chosen)


def _is_everybodys(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "public" in response.get("Cache-Control", "")
    )
