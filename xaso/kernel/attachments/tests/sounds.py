"""Small recordings, made byte by byte: WebM and Ogg with Opus in them."""

import struct
from collections.abc import Iterator, Sequence

OPUS_HEAD = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48_000, 0, 0)
_CLUSTER_OPEN = b"\x1fC\xb6u\x01" + b"\xff" * 7  # as a browser writes while it records


def element(number: int, body: bytes) -> bytes:
    """Return an element of EBML with a length of four bytes."""
    name = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return name + (len(body) | 1 << 28).to_bytes(4, "big") + body


def webm(
    sound: bytes,
    *,
    app: bytes = b"\0\0\0",
    track: bytes = b"",
    after: bytes = b"",
    codec: bytes = b"A_OPUS",
    track_type: bytes = b"\2",
    doctype: bytes = b"webm",
    head: bytes = OPUS_HEAD,
) -> bytes:
    """Return a WebM with one block of sound; named parts replace the usual ones."""
    begin = element(0x1A45DFA3, element(0x4286, b"\1") + element(0x4282, doctype))
    info = element(0x1549A966, element(0x2AD7B1, b"\x0fB@") + element(0x4D80, app))
    entry = element(0xD7, b"\1") + element(0x83, track_type) + element(0x86, codec)
    tracks = element(0x1654AE6B, element(0xAE, entry + element(0x63A2, head) + track))
    cluster = _CLUSTER_OPEN + element(0xE7, b"\0")
    block = element(0xA3, b"\x81\0\0\x80" + sound)
    return begin + b"\x18S\x80g\x01" + b"\xff" * 7 + info + tracks + after + cluster + block


def ogg(
    sound: bytes,
    *,
    vendor: bytes = b"",
    comments: Sequence[bytes] = (),
    head: bytes = OPUS_HEAD,
) -> bytes:
    """Return an Ogg with Opus; a long comment goes over several pages."""
    said = [struct.pack("<I", len(vendor)), vendor, struct.pack("<I", len(comments))]
    for each in comments:
        said += [struct.pack("<I", len(each)), each]
    tags = b"OpusTags" + b"".join(said)
    parts = [tags[n : n + 65_025] for n in range(0, len(tags), 65_025)]
    written = [page([head], flags=2)]
    written += [
        page([part], flags=bool(n), is_open=len(part) == 65_025) for n, part in enumerate(parts)
    ]
    return b"".join([*written, page([sound], flags=4)])


def page(packets: Sequence[bytes], *, flags: int, serial: int = 7, is_open: bool = False) -> bytes:
    """Return a page; `is_open` leaves its last packet to go on."""
    lengths = b""
    for packet in packets:
        lengths += b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    lengths = lengths[:-1] if is_open else lengths
    start = struct.pack("<4sBBqII", b"OggS", 0, flags, 0, serial, 0)
    end = bytes([len(lengths)]) + lengths + b"".join(packets)
    return start + struct.pack("<I", crc(start + bytes(4) + end)) + end


def pages(content: bytes) -> Iterator[bytes]:
    """Yield the pages of an Ogg."""
    at = 0
    while at < len(content):
        lengths = content[at + 27 : at + 27 + content[at + 26]]
        end = at + 27 + len(lengths) + sum(lengths)
        yield content[at:end]
        at = end


def crc(content: bytes) -> int:
    """Return the checksum of a page, bit by bit as RFC 3533 tells it."""
    value = 0
    for byte in content:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value
