"""A part of a file when a player asks for one: Safari plays nothing without it (RFC 9110, 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

_ASKED = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
_NONE = (0, -1)


@dataclass(frozen=True)
class Piece:
    """What to answer: all of a file (200), a part of it (206), or that there is no such part (416).

    Whoever sends it must not compress it: a part is counted in the file's own bytes.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def piece(asked: Mapping[str, str], file: BinaryIO, size: int, *, etag: str = "") -> Piece:
    """Return the part that a request's headers ask for; of several parts at once all of it.

    A part of something that changed meanwhile (`If-Range`) is the whole.
    """
    found = _part(asked, size, etag)
    told = {"Accept-Ranges": "bytes"}
    if found == _NONE:
        return Piece(416, b"", told | {"Content-Range": f"bytes */{size}"})
    if found is None:
        return Piece(200, file.read(), told)
    start, last = found
    told["Content-Range"] = f"bytes {start}-{last}/{size}"
    return Piece(206, _read(file, start, last), told)


def _part(headers: Mapping[str, str], size: int, etag: str) -> tuple[int, int] | None:
    """Return the first and last byte asked for, None for all of them, `_NONE` for none there."""
    asked = _ASKED.fullmatch(headers.get("Range", "").replace(" ", ""))
    known = headers.get("If-Range", "")
    if asked is None or asked.groups() == ("", "") or (known and known != f'"{etag}"'):
        return None
    first, last = asked.groups()
    if not first:  # the last so many bytes
        many = min(int(last), size)
        return (size - many, size - 1) if many else _NONE
    start, end = int(first), min(int(last or size), size - 1)
    if last and int(last) < start:
        return None  # no range at all: as if nothing was asked
    return (start, end) if start < size else _NONE


def _read(file: BinaryIO, start: int, last: int) -> bytes:
    if file.seekable():
        file.seek(start)
        return file.read(last - start + 1)
    return file.read(last + 1)[start:]  # a store that only streams
