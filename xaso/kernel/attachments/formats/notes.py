"""Blank what a recorder wrote beside the sound: place, device, name, time. Nothing is moved.

Every note becomes zeros of the same length, in boxes players skip, so that no offset changes and
the sound stays byte for byte. Sources: ISO/IEC 14496-12 (boxes `udta`, `meta`, `uuid`; times in
`mvhd`, `tkhd`, `mdhd`; names of tracks in `hdlr`), ID3v2.4 and ID3v1, APEv2, RIFF (`LIST`, `bext`,
`id3 `). Ogg and WebM have files of their own.
"""

import hashlib
import mmap
from collections.abc import Iterator
from pathlib import Path

from xaso.kernel.attachments.formats import ogg, webm
from xaso.kernel.attachments.refusals import NotARecording

_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"}
# What playing needs; every other box on the way to the sound is a note.
_KEPT = {
    b"ftyp", b"styp", b"mdat", b"sidx", b"ssix", b"mfra", b"edts", b"tref", b"smhd", b"dinf",
    b"stsd", b"stts", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"ctts", b"mehd",
    b"trex", b"mfhd", b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio",
    b"elng",
}  # fmt: skip
_TIMES = {b"mvhd", b"tkhd", b"mdhd"}
_MOST = 20_000  # boxes or chunks looked at
_DEEPEST = 6
_ID3_HEAD, _ID3_LAST, _APE = 10, 128, 32
_FLAT = {b"fmt ", b"data", b"fact"}

Content = mmap.mmap


def blanked(path: Path, media_type: str) -> str:
    """Blank the notes and return the SHA-256 of what is left. Refuses as `blank` does."""
    blank(path, media_type)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def blank(path: Path, media_type: str) -> None:
    """Blank the notes of a recording where it lies.

    Refuses with NotARecording what is broken, and what holds a picture beside the sound.
    """
    clean = _CLEANERS.get(media_type)
    if clean is None or not path.stat().st_size:
        return
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        clean(content)


def _mp4(content: Content) -> None:
    budget = [_MOST]
    _walk(content, 0, len(content), 0, budget)


def _walk(content: Content, start: int, end: int, depth: int, budget: list[int]) -> None:
    for kind, at, head, length in _boxes(content, start, end, budget):
        if kind in _TIMES:
            _forget_times(content, at + head, at + length)
        elif kind == b"hdlr":
            _forget_name(content, at + head, at + length)
        elif kind in _INSIDE and depth < _DEEPEST:
            _walk(content, at + head, at + length, depth + 1, budget)
        elif kind not in _KEPT:
            content[at + 4 : at + 8] = b"free"
            _zero(content, at + head, at + length)


def _boxes(
    content: Content, at: int, end: int, budget: list[int]
) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield (kind, where, length of its head, whole length) of each box between two places."""
    while at < end:
        budget[0] -= 1
        if end - at < 8:
            return  # a few bytes behind the last box say nothing
        if budget[0] < 0:
            raise NotARecording
        length, head = int.from_bytes(content[at : at + 4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = end - at
        if content[at + 4 : at + 8] == b"mdat":
            length = min(length, end - at)  # sound that was cut short still plays
        if length < head or at + length > end:
            raise NotARecording
        yield content[at + 4 : at + 8], at, head, length
        at += length


def _forget_times(content: Content, start: int, end: int) -> None:
    """Zero when the recording was made and changed; the length of the sound stays."""
    is_long = start < end and content[start] == 1
    _zero(content, start + 4, min(end, start + 4 + (16 if is_long else 8)))


def _forget_name(content: Content, start: int, end: int) -> None:
    """Zero what a track is called; refuse one that is no sound."""
    if content[start + 8 : min(end, start + 12)] != b"soun":
        raise NotARecording
    _zero(content, start + 24, end)


def _mp3(content: Content) -> None:
    """Blank ID3v2 tags at the start, and ID3v1 and APE at the end."""
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) - at >= _ID3_HEAD:
        size = 0
        for byte in content[at + 6 : at + _ID3_HEAD]:
            if byte & 0x80:
                raise NotARecording
            size = size << 7 | byte
        stop = at + _ID3_HEAD + size
        if stop > len(content):
            raise NotARecording
        content[at + 5] &= 0x10  # no extended head, which would be read from the zeros
        _zero(content, at + _ID3_HEAD, stop)
        at = stop + (_ID3_HEAD if content[at + 5] else 0)
    end = len(content)
    if content[max(0, end - _ID3_LAST) :][:3] == b"TAG":
        _zero(content, end - _ID3_LAST + 3, end)
        end -= _ID3_LAST
    _ape(content, end)


def _ape(content: Content, end: int) -> None:
    foot = content[max(0, end - _APE) : end]
    if foot[:8] != b"APETAGEX":
        return
    size = int.from_bytes(foot[12:16], "little")
    _zero(content, max(0, end - max(size, _APE) - _APE), end)


def _wav(content: Content) -> None:
    """Blank every chunk but the sound and what describes it."""
    at, left = 12, _MOST
    while at + 8 <= len(content):
        left -= 1
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        stop = at + 8 + length
        if left < 0:
            raise NotARecording
        if content[at : at + 4] not in _FLAT:
            content[at : at + 4] = b"JUNK"
            _zero(content, at + 8, stop)
        at = stop + length % 2


def _zero(content: Content, start: int, end: int) -> None:
    stop = min(end, len(content))
    if start < stop:
        content[start:stop] = bytes(stop - start)


_CLEANERS = {
    "audio/mp4": _mp4,
    "audio/mpeg": _mp3,
    "audio/wav": _wav,
    "audio/ogg": ogg.blank,
    "audio/webm": webm.blank,
}
