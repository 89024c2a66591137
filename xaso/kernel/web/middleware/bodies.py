"""What was sent is read before the transaction opens: a slow phone must not hold a connection."""

import tempfile
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from xaso.kernel.web import errors

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_RAW = {"image", "audio", "video"}
_TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_UNREADABLE = (BadRequest, MultiPartParserError, UnreadablePostError, UnicodeDecodeError)
_CHUNK = 64 * 1024
_IN_MEMORY = 512 * 1024


@dataclass(frozen=True)
class Raw:
    """The bytes that came, and how many; a cut connection leaves fewer than were announced."""

    file: BinaryIO
    bytes: int
    is_whole: bool


def read(request: HttpRequest) -> HttpResponse | None:
    """Read what was sent; return the error page when it is too big or broken."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return errors.page(request, 400)
    is_raw = _is_raw(request)
    if length > (settings.XASO_MAX_RAW_BYTES if is_raw else settings.XASO_MAX_BODY_BYTES):
        return errors.page(request, 413)
    if is_raw:
        _spool(request, length)
        return None
    return _in_one(request)


def raw(request: HttpRequest) -> Raw:
    """Return a picture or recording that was sent by itself."""
    return cast("Raw", cast("Any", request).spooled)


def _is_raw(request: HttpRequest) -> bool:
    kind = (request.content_type or "").partition("/")[0]
    return request.method == "PUT" and kind in _RAW


def _in_one(request: HttpRequest) -> HttpResponse | None:
    try:
        _ = request.POST if request.content_type in _FORMS else request.body
    except _TOO_BIG:
        return errors.page(request, 413)
    except _UNREADABLE:
        return errors.page(request, 400)
    return None


def _spool(request: HttpRequest, length: int) -> None:
    """Read a raw upload piece by piece, on disk once it is large; a cut one as far as it came."""
    held: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (goes on with the request)
    try:
        while chunk := request.read(_CHUNK):
            held.write(chunk)
    except UnreadablePostError:
        pass  # what came before the cut is kept
    came = held.tell()
    held.seek(0)
    request.spooled = Raw(held, came, came >= length)  # type: ignore[attr-defined]
