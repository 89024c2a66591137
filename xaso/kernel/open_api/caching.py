"""Answers that a client need not fetch twice (RFC 9110: ETag, If-None-Match, 304)."""

import hashlib
from collections.abc import Callable

import msgspec
from django.http import HttpRequest, HttpResponse

Parts = tuple[object, ...]


def etag_of(*parts: object) -> str:
    """Return a weak validator of everything an answer depends on (version, filters, language)."""
    text = "\x1f".join(str(part) for part in parts)
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def is_known(request: HttpRequest, etag: str) -> bool:
    """Return whether the client already has what the validator names."""
    shown = request.headers.get("If-None-Match", "")
    ours = etag.removeprefix("W/")
    return shown.strip() == "*" or any(
        tag.strip().removeprefix("W/") == ours for tag in shown.split(",")
    )


def answer(
    request: HttpRequest, make: Callable[[], object], *, depends_on: Parts, seconds: int = 0
) -> HttpResponse:
    """Return 304 when the client has this answer, else what `make` gives, as JSON.

    `depends_on` names everything the answer depends on; `make` is not called for a 304.
    `seconds` > 0 lets anyone keep the answer so long; 0 means: ask again each time.
    """
    etag = etag_of(request.path, request.GET.urlencode(), *depends_on)
    if is_known(request, etag):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(
            msgspec.json.encode(make(), enc_hook=str), content_type="application/json"
        )
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={seconds}" if seconds else "private, no-cache"
    return response
