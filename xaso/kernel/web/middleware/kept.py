"""Public pages answered again from memory: a crowd asks the database once a second, none waits.

An answer is fresh for a second. For two more it is still given, while one thread of the process
makes it anew: whoever asks at that moment does not wait for it. When there is none at all, the
first to ask makes it and the others wait for that one.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import uniform
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

_MOST = 500  # answers kept per process, some five megabytes
_GRACE = 2.0  # seconds an answer is still given while it is made anew
_PATIENCE = 2.0  # seconds to wait for somebody else's first answer
_SPREAD = (0.75, 1.25)  # processes, and pages born together, do not renew together
_CHOICES = {settings.LANGUAGE_COOKIE_NAME, "chu"}  # cookies that choose how a page looks, not whose
_ASKS_MORE = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_AUTHORIZATION", "HTTP_RANGE")

GetResponse = Callable[[HttpRequest], HttpResponse]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer: its header and its markup belong together (the policy's nonce is in both)."""

    fresh_until: float
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

    `XASO_KEEP_SECONDS` (default 1) is how long an answer is fresh; it gets at most two seconds
    older. 0 keeps nothing. An answer that sets a cookie, or is asked for with a session, a form's
    token or a condition, is never kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response
        self.answers: dict[Key, Answer] = {}
        self._making: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()
        self._renewer = ThreadPoolExecutor(1, "renew")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, else ask and remember."""
        key = _key(request)
        if key is None:
            return self.get_response(request)
        now, known = monotonic(), self.answers.get(key)
        if known is not None and now < known.fresh_until + _GRACE:
            if now >= known.fresh_until and self._claim(key) is None:
                self._renewer.submit(self._renew, key, request, get_script_prefix())
            return known.again()
        others = self._claim(key)
        if others is None:
            return self._made(key, request)
        others.wait(_PATIENCE)
        known = self.answers.get(key)
        if known is not None and monotonic() < known.fresh_until + _GRACE:
            return known.again()
        return self.get_response(request)

    def _claim(self, key: Key) -> threading.Event | None:
        """Take on making an answer; return what to wait for when somebody else has."""
        with self._lock:
            if key in self._making:
                return self._making[key]
            self._making[key] = threading.Event()
            return None

    def _made(self, key: Key, request: HttpRequest) -> HttpResponse:
        """Make an answer, keep it if everybody may have it, and let the others go on."""
        try:
            response = self.get_response(request)
            if _is_everybodys(response):
                self._keep(key, response)
            return response
        finally:
            with self._lock:
                self._making.pop(key).set()

    def _renew(self, key: Key, request: HttpRequest, prefix: str) -> None:
        """Make an answer anew in this thread; the one who asked has gone with the old one."""
        set_script_prefix(prefix)
        self._made(key, request).close()  # gives the database connection back, too

    def _keep(self, key: Key, response: HttpResponse) -> None:
        fresh = settings.XASO_KEEP_SECONDS * uniform(*_SPREAD)  # noqa: S311 (no secret)
        answer = Answer(monotonic() + fresh, response.content, tuple(response.items()))
        with self._lock:
            if len(self.answers) >= _MOST:
                self.answers.clear()
            self.answers[key] = answer


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
