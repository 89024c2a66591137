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
from xaso.kernel.attachments.tests import sounds
from xaso.kernel.audit.actors import SYSTEM, Actor

RESIDENT = Actor("resident", "", "web")
SECRETS = (b"+22.3170+103.6300/", b"Lo Thi Bia", b"iPhone cua Bia", b"0912000135")
SOUND = bytes(range(1, 256)) * 20
SAMPLES = Path(__file__).parent / "samples"


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", len(body) + 8) + kind + body


def wide(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 1) + kind + struct.pack(">Q", len(body) + 16) + body


def m4a() -> bytes:
    times = struct.pack(">II", 3_874_000_000, 3_874_000_001)
    head = b"\0\0\0\0" + times + b"\0\0\3\xe8\0\0\x27\x10" + b"\0" * 80
    long_head = b"\1\0\0\0" + struct.pack(">QQ", 3_874_000_000, 3_874_000_001) + b"\0" * 20
    handler = box(b"hdlr", bytes(8) + b"soun" + bytes(12) + SECRETS[2])
    track = box(b"trak", box(b"tkhd", head), box(b"udta", box(b"\xa9nam", SECRETS[1])))
    track += box(
        b"trak",
        box(
            b"mdia",
            box(b"mdhd", long_head),
            handler,
            box(b"minf", box(b"stbl", box(b"stco", b"offsets"))),
        ),
    )
    place = box(b"udta", box(b"\xa9xyz", SECRETS[0]), box(b"meta", SECRETS[2]))
    movie = box(b"moov", box(b"mvhd", head), track, place)
    mine = box(b"uuid", b"\x11" * 16 + SECRETS[3])
    spare = box(b"free", SECRETS[0]) + box(b"xyz ", SECRETS[1])
    return box(b"ftyp", b"M4A \0\0\0\0") + movie + spare + wide(b"mdat", SOUND) + mine


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


def webm_with_notes() -> bytes:
    said = sounds.element(0x4487, SECRETS[0]) + sounds.element(0x45A3, b"LOCATION")
    tags = sounds.element(0x1254C367, sounds.element(0x7373, sounds.element(0x67C8, said)))
    more = sounds.element(0x1941A469, sounds.element(0x61A7, SECRETS[3]))
    name = sounds.element(0x536E, SECRETS[1])
    return sounds.webm(SOUND, app=SECRETS[2], track=name, after=tags + more)


def ogg_with_notes() -> bytes:
    comments = [b"LOCATION=" + SECRETS[0], b"ARTIST=" + SECRETS[1], b"CONTACT=" + SECRETS[3]]
    return sounds.ogg(SOUND, vendor=SECRETS[2], comments=[*comments, b"PICTURE=" + b"A" * 70_000])


MADE = {
    "audio/mp4": m4a,
    "audio/mpeg": mp3,
    "audio/wav": wav,
    "audio/webm": webm_with_notes,
    "audio/ogg": ogg_with_notes,
}


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


def _left(tmp_path: Path, content: bytes, kind: str) -> bytes:
    file = tmp_path / "a"
    file.write_bytes(content)
    notes.blank(file, kind)
    return file.read_bytes()


def test_what_a_browser_records_keeps_every_byte_of_its_sound(tmp_path: Path) -> None:
    """Recorded by Chromium 140's MediaRecorder; the names of the program alone are blanked."""
    webm = (SAMPLES / "spoken.webm").read_bytes()
    clean = _left(tmp_path, webm, "audio/webm")
    assert b"Chrome" in webm
    assert b"Chrome" not in clean
    changed = [n for n, (old, new) in enumerate(zip(webm, clean, strict=True)) if old != new]
    assert changed
    assert max(changed) < webm.index(b"OpusHead")
    mp4 = (SAMPLES / "spoken.m4a").read_bytes()
    left = _left(tmp_path, mp4, "audio/mp4")
    assert left[left.index(b"mdat") :] == mp4[mp4.index(b"mdat") :]


def test_pages_of_an_ogg_are_signed_anew(tmp_path: Path) -> None:
    clean = _left(tmp_path, ogg_with_notes(), "audio/ogg")
    pages = list(sounds.pages(clean))
    assert len(pages) > 3
    for page in pages:
        unsigned = page[:22] + bytes(4) + page[26:]
        assert int.from_bytes(page[22:26], "little") == sounds.crc(unsigned)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("audio/webm", sounds.webm(b"x", codec=b"V_VP8")),
        ("audio/webm", sounds.webm(b"x", track_type=b"\1")),  # a picture
        ("audio/webm", sounds.webm(b"x", doctype=b"matroska")),
        ("audio/webm", sounds.webm(b"x", head=sounds.OPUS_HEAD + b"more than a head")),
        ("audio/webm", sounds.webm(b"x", head=b"\2\xff\xff\xff")),
        ("audio/webm", sounds.webm(b"x", track=sounds.element(0xD7, b"a name, not a number"))),
        ("audio/webm", sounds.webm(b"x", track=b"\x53\x6e\xff")),  # of unknown length
        ("audio/webm", b"\x1aE\xdf\xa3" + bytes(40)),
        ("audio/webm", b"\x1aE\xdf\xa3\x80" * 100_000),
        ("audio/ogg", sounds.ogg(b"x", head=b"\x80theora" + bytes(30))),
        ("audio/ogg", sounds.ogg(b"x")[:40]),
        ("audio/ogg", sounds.ogg(b"x") + b"a letter behind the sound"),
        ("audio/ogg", sounds.ogg(b"x") + sounds.page([b"x"], flags=0, serial=9)),
        ("audio/ogg", sounds.ogg(b"x") * 2),  # the same stream begins twice
        ("audio/mp4", box(b"ftyp", b"M4A ") + box(b"moov", box(b"hdlr", bytes(8) + b"vide"))),
    ],
)
def test_what_holds_more_than_sound_or_is_broken_is_refused(
    tmp_path: Path, kind: str, body: bytes
) -> None:
    with pytest.raises(NotARecording):
        _left(tmp_path, body, kind)


@pytest.mark.parametrize("kind", ["audio/webm", "audio/ogg"])
def test_a_recording_cut_short_is_kept(tmp_path: Path, kind: str) -> None:
    whole = {"audio/webm": sounds.webm(SOUND), "audio/ogg": sounds.ogg(SOUND)}[kind]
    clean = _left(tmp_path, whole[:-700], kind)
    assert len(clean) == len(whole) - 700
    if kind == "audio/ogg":  # its last page is not whole: no player plays it
        assert clean.endswith(bytes(600))
