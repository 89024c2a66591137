"""Whether a photo is there to its end, by its structure alone: milliseconds, nothing is decoded.

A photo cut short has a sound header. Sources: ITU-T T.81 (an image ends with EOI; in the coded data
0xFF is followed by 0x00 or a restart marker), PNG (ends with IEND), RFC 9649 (RIFF says its size),
ISO/IEC 14496-12 (boxes say theirs).
"""

import mmap
import re
from pathlib import Path

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # not stuffing, not a restart, not a fill byte
_END = 0xD9
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_MOST = 50_000  # segments, chunks or boxes looked at

Content = mmap.mmap | bytes


def is_whole(path: Path, media_type: str) -> bool:
    """Return whether a photo's structure reaches its end; what follows the end does not matter."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _CHECKS[media_type](content)


def _jpeg(content: Content) -> bool:
    """Walk the segments, jump over the coded data, and find the end of the image."""
    at = 2
    for _ in range(_MOST):
        found = _MARKER.search(content, at)
        if found is None:
            return False
        mark, at = content[found.end() - 1], found.end()
        if mark == _END:
            return True
        if mark not in _ALONE:
            at += int.from_bytes(content[at : at + 2], "big")
    return False


def _png(content: Content) -> bool:
    at = 8
    for _ in range(_MOST):
        head = content[at : at + 8]
        if len(head) < 8:
            return False
        at += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return at <= len(content)
    return False


def _webp(content: Content) -> bool:
    return int.from_bytes(content[4:8], "little") + 8 <= len(content)


def _heif(content: Content) -> bool:
    """Add up the boxes of the top level; one of length 0 reaches to the end by itself."""
    at = 0
    for _ in range(_MOST):
        if at == len(content):
            return True
        head = content[at : at + 16]
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if len(head) < 8 or at + length > len(content):
            return False
        if length < 8:
            return length == 0
        at += length
    return False


_CHECKS = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/heic": _heif}
