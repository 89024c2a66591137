"""Blank the comments of an Ogg recording where it lies: Opus or Vorbis sound, nothing else.

Pages keep their place and length; those that changed get a new checksum. Source: RFC 3533.
"""

import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from xaso.kernel.attachments.formats import comments
from xaso.kernel.attachments.refusals import NotARecording

_MARK, _HEAD, _BEGINS = b"OggS", 27, 0x02
_MOST_PAGES, _MOST_STREAMS = 200_000, 16
_FULL = 255  # a segment of this length goes on in the next one
_HEADERS = 2  # the head, and the comments
_MIRRORED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


@dataclass
class _Page:
    at: int
    flags: int
    serial: bytes
    lengths: bytes
    body: int
    end: int


@dataclass
class _Stream:
    """What is gathered of a stream's headers: whole packets so far, and the parts of the next."""

    packets: int = 0
    parts: list[tuple[int, int]] = field(default_factory=list)
    pages: list[_Page] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        return self.packets >= _HEADERS


def blank(content: mmap.mmap) -> None:
    """Empty the comments of every stream. Refuses with NotARecording what is broken or no sound.

    A last page that was cut short is blanked: no player plays it.
    """
    streams: dict[bytes, _Stream] = {}
    end = 0
    for page in _pages(content):
        end = page.end
        if page.flags & _BEGINS:
            if page.serial in streams or len(streams) >= _MOST_STREAMS:
                raise NotARecording
            streams[page.serial] = _Stream()
        stream = streams.get(page.serial)
        if stream is None:
            raise NotARecording
        if not stream.is_told:
            _read(content, page, stream)
    if not streams or not all(stream.is_told for stream in streams.values()):
        raise NotARecording
    content[end:] = bytes(len(content) - end)


def _pages(content: mmap.mmap) -> Iterator[_Page]:
    at, left = 0, _MOST_PAGES
    while at < len(content):
        left -= 1
        head = content[at : at + _HEAD]
        is_cut = len(content) - at < _HEAD
        if left < 0 or not head.startswith(_MARK[: len(head)]) or (not is_cut and head[4]):
            raise NotARecording
        body = at + _HEAD + (0 if is_cut else head[26])
        lengths = content[at + _HEAD : body]
        end = body + sum(lengths)
        if is_cut or end > len(content):
            return
        yield _Page(at, head[5], head[14:18], lengths, body, end)
        at = end


def _read(content: mmap.mmap, page: _Page, stream: _Stream) -> None:
    """Read the headers on a page; empty the comments once they are whole."""
    at = page.body
    stream.pages.append(page)
    for length in page.lengths:
        stream.parts.append((at, at + length))
        at += length
        if length < _FULL:
            _finish(content, stream)
            if stream.is_told:
                return


def _finish(content: mmap.mmap, stream: _Stream) -> None:
    packet = b"".join(content[start:end] for start, end in stream.parts)
    if stream.packets == 0:
        comments.refuse_odd_head(packet)
        stream.pages.clear()
    else:
        new, done = comments.emptied(packet), 0
        for start, end in stream.parts:
            content[start:end] = new[done : done + end - start]
            done += end - start
        for page in stream.pages:
            _sign(content, page)
    stream.packets += 1
    stream.parts.clear()


def _sign(content: mmap.mmap, page: _Page) -> None:
    content[page.at + 22 : page.at + 26] = bytes(4)
    crc = checksum(content[page.at : page.end])
    content[page.at + 22 : page.at + 26] = crc.to_bytes(4, "little")


def checksum(page: bytes) -> int:
    """Return the CRC of a page whose own field is zero: zlib's polynomial, bits the other way."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
