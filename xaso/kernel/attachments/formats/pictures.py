"""Type and size of a photo from its header, in microseconds and with bounded reads.

Sources: ITU-T T.81 (JPEG markers), PNG 3rd edition (W3C), RFC 9649 (WebP), ISO/IEC 14496-12 and
23008-12 (HEIF boxes). Every parser returns None for what it cannot read; none of them trusts a
length it was told.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_SEGMENTS = 2000  # JPEG segments looked at before the size must have come
_BOXES = 500  # HEIF boxes looked at on one level
_META = 4_000_000  # bytes of the HEIF description we read at most
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # start of frame; the rest are tables


@dataclass(frozen=True)
class Header:
    """What the header says; pixels as stored, before any turn the camera asked for."""

    media_type: str
    width: int
    height: int


def header(file: BinaryIO) -> Header | None:
    """Return the header of a JPEG, PNG, WebP or HEIC photo, or None for anything else."""
    file.seek(0)
    start = file.read(32)
    if start[:3] == b"\xff\xd8\xff":
        return _sized("image/jpeg", _jpeg(file))
    if start[:8] == b"\x89PNG\r\n\x1a\n":
        return _sized("image/png", _png(start))
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return _sized("image/webp", _webp(start))
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF:
        return _sized("image/heic", _heif(file))
    return None


def _sized(media_type: str, size: tuple[int, int] | None) -> Header:
    """Return the header; 0 × 0 says that the type is right and the rest unreadable."""
    return Header(media_type, *(size or (0, 0)))


def _jpeg(file: BinaryIO) -> tuple[int, int] | None:
    """Walk the segments up to the start of the frame."""
    file.seek(2)
    for _ in range(_SEGMENTS):
        mark = file.read(2)
        while mark == b"\xff\xff":  # fill bytes
            mark = b"\xff" + file.read(1)
        if len(mark) < 2 or mark[0] != 0xFF:
            return None
        length = file.read(2)
        if len(length) < 2 or length < b"\x00\x02":
            return None
        if mark[1] in _FRAMES:
            frame = file.read(5)
            if len(frame) < 5:
                return None
            height, width = struct.unpack(">HH", frame[1:])
            return width, height
        file.seek(int.from_bytes(length, "big") - 2, 1)
    return None


def _png(start: bytes) -> tuple[int, int] | None:
    if start[8:16] != b"\x00\x00\x00\rIHDR" or len(start) < 24:
        return None
    width, height = struct.unpack(">II", start[16:24])
    return width, height


def _webp(start: bytes) -> tuple[int, int] | None:
    """Read the first chunk: lossy, lossless or extended."""
    if len(start) < 30:
        return None
    kind = start[12:16]
    if kind == b"VP8 " and start[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", start[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and start[20] == 0x2F:
        bits = int.from_bytes(start[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        width = int.from_bytes(start[24:27], "little") + 1
        return width, int.from_bytes(start[27:30], "little") + 1
    return None


def _heif(file: BinaryIO) -> tuple[int, int] | None:
    """Return the largest image the file describes (`ispe` properties), not only the main one."""
    file.seek(0, 2)
    meta = _meta(file, file.tell())
    sizes = [
        struct.unpack(">II", body[4:12])
        for kind, body in _inside(meta, b"iprp", b"ipco")
        if kind == b"ispe" and len(body) >= 12
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _meta(file: BinaryIO, size: int) -> bytes:
    """Return the body of the top-level `meta` box."""
    at = 0
    for _ in range(_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return b""
        length = int.from_bytes(head[:4], "big")
        body = at + 8
        if length == 1:
            length, body = int.from_bytes(head[8:16], "big"), at + 16
        end = at + length if length else size
        if end <= at + 7:
            return b""
        if head[4:8] == b"meta":
            file.seek(body + 4)  # version and flags
            return file.read(max(0, min(end - body - 4, _META)))
        at = end
    return b""


def _inside(data: bytes, *path: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the boxes inside a nested box."""
    for name in path:
        data = next((body for kind, body in _boxes(data) if kind == name), b"")
    yield from _boxes(data)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_BOXES):
        if at + 8 > len(data):
            return
        length = int.from_bytes(data[at : at + 4], "big")
        if length < 8:
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + length]
        at += length
