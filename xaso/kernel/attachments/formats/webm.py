"""Blank what stands beside the sound of a WebM recording where it lies; nothing is moved.

Only elements that playing needs are kept, numbers and sound; every other one (tags, attachments,
chapters, names, what is not known) becomes a Void of the same length, filled with zeros.
Sources: RFC 8794 (EBML), RFC 9559 (Matroska); WebM allows Opus and Vorbis as sound.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass

from xaso.kernel.attachments.formats import comments
from xaso.kernel.attachments.refusals import NotARecording

_EBML, _SEGMENT, _CLUSTER, _VOID = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xEC
_HOLDS_OTHERS = {
    _EBML, _SEGMENT, _CLUSTER, 0x114D9B74, 0x4DBB, 0x1549A966, 0x1654AE6B, 0xAE, 0xE1, 0xA0,
    0x1C53BB6B, 0xBB, 0xB7,
}  # fmt: skip
# Versions, seeking, scale and length, the track, times, cues: eight bytes at most.
_NUMBERS = {
    0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4287, 0x4285, 0x53AB, 0x53AC, 0x2AD7B1, 0x4489, 0xD7,
    0x73C5, 0x83, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x55EE, 0x22B59C, 0xAA,
    0x56AA, 0x56BB, 0xB5, 0x78B5, 0x9F, 0x6264, 0xE7, 0xA7, 0xAB, 0x9B, 0xFB, 0x75A2, 0xB3, 0xF7,
    0xF1, 0xF0, 0xB2, 0x5378,
}  # fmt: skip
_LONGEST_NUMBER = 8
_MADE_WITH, _MADE_BY = 0x4D80, 0x5741  # programs: must be there, may be empty
_SOUND = {0xA3, 0xA1}
_DOC_TYPE, _CODEC, _CODEC_DATA, _TRACK_TYPE = 0x4282, 0x86, 0x63A2, 0x83
_CODECS = {b"A_OPUS", b"A_VORBIS"}
_AUDIO = b"\x02"
_MOST, _LONGEST_ID, _LONGEST_SIZE = 200_000, 4, 8


@dataclass(frozen=True)
class _Element:
    id: int
    at: int
    body: int
    end: int


def blank(content: mmap.mmap) -> None:
    """Blank the notes. Refuses with NotARecording what is broken, or holds more than sound.

    A recording that ends in the middle of a cluster (the phone was cut off) still plays.
    """
    if len(content) < 5 or not content[:4] == _EBML.to_bytes(4, "big"):
        raise NotARecording
    seen = set()
    for element in _elements(content):
        seen.add(element.id)
        if element.id in _NUMBERS:
            _check_number(content, element)
        elif element.id not in _SOUND:
            _TREATED.get(element.id, _make_void)(content, element)
    if not seen >= {_DOC_TYPE, _TRACK_TYPE, _CODEC}:
        raise NotARecording


def _elements(content: mmap.mmap) -> Iterator[_Element]:
    """Yield every element that holds no others, in their order; none leaves the one around it."""
    at, left, ends = 0, _MOST, [len(content)]
    while at < len(content):
        left -= 1
        while at >= ends[-1]:
            ends.pop()
        found = _element(content, at, ends[-1])
        if left < 0:
            raise NotARecording
        if found.id in _HOLDS_OTHERS:
            ends.append(found.end)
            at = found.body
            if at >= len(content):
                return
        else:
            yield found
            at = found.end


def _element(content: mmap.mmap, at: int, end: int) -> _Element:
    """Read the head of an element that must end before `end`."""
    number, body = _vint(content, at, _LONGEST_ID, keeps_mark=True)
    size, body = _vint(content, body, _LONGEST_SIZE)
    is_open = size is None
    stop = end if size is None else body + size
    if number in (_SEGMENT, _CLUSTER) or (number in _SOUND and end == len(content)):
        stop = min(stop, end)  # cut short: what is there still plays
    if number is None or stop > end or (is_open and number not in (_SEGMENT, _CLUSTER)):
        raise NotARecording
    return _Element(number, at, body, stop)


def _vint(
    content: mmap.mmap, at: int, longest: int, *, keeps_mark: bool = False
) -> tuple[int | None, int]:
    """Return a number of variable length and where it ends; None for "unknown"."""
    if at >= len(content):
        raise NotARecording
    first = content[at]
    length = 9 - first.bit_length()
    if length > longest or at + length > len(content):
        raise NotARecording
    value = int.from_bytes(content[at : at + length], "big")
    if keeps_mark:
        return value, at + length
    most = (1 << 7 * length) - 1
    value &= most
    return (None if value == most else value), at + length


def _check_number(content: mmap.mmap, element: _Element) -> None:
    if element.end - element.body > _LONGEST_NUMBER:
        raise NotARecording
    said = content[element.body : element.end].lstrip(b"\0")
    if element.id == _TRACK_TYPE and said != _AUDIO:
        raise NotARecording


def _check_word(content: mmap.mmap, element: _Element) -> None:
    said = content[element.body : element.end].rstrip(b"\0")
    if said not in (_CODECS if element.id == _CODEC else {b"webm"}):
        raise NotARecording


def _clean_codec(content: mmap.mmap, element: _Element) -> None:
    """Keep the head of Opus; of the three headers of Vorbis empty the comments."""
    data = content[element.body : element.end]
    if data.startswith(b"OpusHead"):
        comments.refuse_odd_head(data)
        return
    head, said = _laced(data)
    comments.refuse_odd_head(data[head[0] : head[1]])
    start, end = element.body + said[0], element.body + said[1]
    content[start:end] = comments.emptied(content[start:end])


def _laced(data: bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where the first two of three packets lie, by Xiph's lacing."""
    if data[:1] != b"\x02":
        raise NotARecording
    at, sizes = 1, []
    for _ in range(2):
        size = 0
        while at < len(data) and data[at] == 255:
            size, at = size + 255, at + 1
        if at >= len(data):
            raise NotARecording
        size, at = size + data[at], at + 1
        sizes.append(size)
    middle, end = at + sizes[0], at + sum(sizes)
    if end > len(data):
        raise NotARecording
    return (at, middle), (middle, end)


def _silence(content: mmap.mmap, element: _Element) -> None:
    content[element.body : element.end] = bytes(element.end - element.body)


def _make_void(content: mmap.mmap, element: _Element) -> None:
    """Write a Void as long as the element over it."""
    whole = element.end - element.at
    width = _LONGEST_SIZE if whole > _LONGEST_SIZE else 1
    size = (whole - 1 - width) | 1 << 7 * width
    content[element.at : element.end] = (bytes([_VOID]) + size.to_bytes(width, "big")).ljust(
        whole, b"\0"
    )


_TREATED = {
    _MADE_WITH: _silence,
    _MADE_BY: _silence,
    _CODEC_DATA: _clean_codec,
    _DOC_TYPE: _check_word,
    _CODEC: _check_word,
}
