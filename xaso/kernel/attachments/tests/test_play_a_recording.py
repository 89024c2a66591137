"""A recording is played in parts, and holds nothing but its sound."""

import random
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client

from xaso.kernel.attachments import actions, queries
from xaso.kernel.attachments.formats import notes
from xaso.kernel.attachments.refusals import NotARecording
from xaso.kernel.audit.actors import SYSTEM, Actor

RESIDENT = Actor("resident", "", "web")
SECRETS = (b"+22.3170+103.6300/", b"Lo Thi Bia", b"iPhone cua Bia", b"0912000135")
SOUND = bytes(range(1, 256)) * 20


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", len(body) + 8) + kind + body


def wide(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 1) + kind + struct.pack(">Q", len(body) + 16) + body


def m4a() -> bytes:
    times = struct.pack(">II", 3_874_000_000, 3_874_000_001)
    head = b"\0\0\0\0" + times + b"\0\0\3\xe8\0\0\x27\x10" + b"\0" * 80
    long_head = b"\1\0\0\0" + struct.pack(">QQ", 3_874_000_000, 3_874_000_001) + b"\0" * 20
    track = box(b"trak", box(b"tkhd", head), box(b"udta", box(b"\xa9nam", SECRETS[1])))
    track += box(b"trak", box(b"mdia", box(b"mdhd", long_head), box(b"minf", b"stco-offsets")))
    place = box(b"udta", box(b"\xa9xyz", SECRETS[0]), box(b"meta", SECRETS[2]))
    movie = box(b"moov", box(b"mvhd", head), track, place)
    mine = box(b"uuid", b"\x11" * 16 + SECRETS[3])
    return box(b"ftyp", b"M4A \0\0\0\0") + movie + wide(b"mdat", SOUND) + mine


def mp3() -> bytes:
    frames = b"TXXX" + b"\0\0\0\x20\0\0" + b"".join(SECRETS[:2])
    size = len(frames)
    tag = b"ID3\x04\0\x40" + bytes((size >> s) & 0x7F for s in (21, 14, 7, 0)) + frames
    items = b"".join(SECRETS[2:])
    ape_size = len(items) + 32
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, ape_size, 1, 1 << 31 | 1 << 29) + b"\0" * 8
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, ape_size, 1, 1 << 31) + b"\0" * 8
    old = b"TAG" + SECRETS[1].ljust(125, b"\0")
    return tag + b"\xff\xfb\x90\x64" + SOUND + ape + items + foot + old


def wav() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    parts = chunk(b"fmt ", b"\1\0\1\0" + b"\0" * 12) + chunk(b"LIST", b"INFOIART" + SECRETS[1])
    parts += chunk(b"data", SOUND) + chunk(b"bext", b"".join(SECRETS)) + chunk(b"id3 ", SECRETS[2])
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WAVE" + parts


MADE = {"audio/mp4": m4a, "audio/mpeg": mp3, "audio/wav": wav}


@pytest.mark.parametrize("kind", MADE)
def test_notes_are_blanked_and_the_sound_stays(tmp_path: Path, kind: str) -> None:
    whole = MADE[kind]()
    file = tmp_path / "a"
    file.write_bytes(whole)
    notes.blank(file, kind)
    clean = file.read_bytes()
    assert len(clean) == len(whole)
    assert clean.index(SOUND) == whole.index(SOUND)
    assert [word for word in SECRETS if word in clean] == []
    assert struct.pack(">I", 3_874_000_000) not in clean
    notes.blank(file, kind)
    assert file.read_bytes() == clean


@pytest.mark.parametrize("kind", MADE)
def test_no_broken_recording_breaks_the_house(tmp_path: Path, kind: str) -> None:
    """Cut, changed and invented bytes: cleaned or refused, never anything else, never longer."""
    whole, chance = MADE[kind](), random.Random(20261127)  # noqa: S311
    file = tmp_path / "a"
    for _ in range(400):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            body[chance.randrange(min(len(body), 700))] = chance.randrange(256)
        del body[chance.randrange(20, len(body)) :]
        file.write_bytes(body)
        try:
            notes.blank(file, kind)
        except NotARecording:
            continue
        assert file.stat().st_size == len(body)


def test_boxes_in_boxes_and_a_million_small_ones_end(tmp_path: Path) -> None:
    deep = b""
    for _ in range(2_000):
        deep = box(b"moov", deep)
    file = tmp_path / "a"
    for body in (deep, box(b"free") * 200_000, b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"):
        file.write_bytes(box(b"ftyp", b"M4A ") + body)
        with suppress(NotARecording):
            notes.blank(file, "audio/mp4")


@pytest.mark.django_db
def test_a_player_gets_the_part_it_asks_for(inside_binh_lu, client: Client) -> None:
    stored = actions.store_recording(mp3(), name="a.mp3", commune=inside_binh_lu, by=RESIDENT)
    again = actions.store_recording(mp3(), name="b.mp3", commune=inside_binh_lu, by=RESIDENT)
    assert again.pk == stored.pk
    actions.publish(stored, by=SYSTEM)
    body = queries.content(stored)
    path = f"/binh-lu{queries.address(stored)}".replace("/binh-lu/binh-lu", "/binh-lu")

    def ask(words: str, **more: str) -> object:
        return client.get(path, headers={"Range": words} | more)

    whole = client.get(path)
    assert (whole.status_code, whole["Accept-Ranges"], whole.content) == (200, "bytes", body)
    size = len(body)
    for words, start, last in (
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, size - 1),
        (f"bytes=100-{size + 99}", 100, size - 1),
        ("bytes=-50", size - 50, size - 1),
        (f"bytes=-{size + 5}", 0, size - 1),
    ):
        part = ask(words)
        assert (part.status_code, part.content) == (206, body[start : last + 1])
        assert part["Content-Range"] == f"bytes {start}-{last}/{size}"
        assert "Content-Encoding" not in part
    for words in (f"bytes={size}-", "bytes=-0"):
        gone = ask(words)
        assert (gone.status_code, gone["Content-Range"]) == (416, f"bytes */{size}")
    for words in ("bytes=5-2", "bytes=a-b", "lines=0-1", "bytes=0-1,4-5", "bytes=-"):
        assert ask(words).content == body
    assert ask("bytes=0-1", **{"If-Range": '"other"'}).status_code == 200
    assert ask("bytes=0-1", **{"If-Range": whole["ETag"]}).status_code == 206
