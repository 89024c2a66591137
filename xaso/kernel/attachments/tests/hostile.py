"""A corpus of files that mean harm or are broken, made anew at each run; nothing is downloaded.

`corpus()` yields what is sent to which door under which name. A file is either refused with a
sentence, or (photos only) its pixels are taken and everything else is gone: `may_clean`.
"""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageOps

from xaso.kernel.attachments.tests.honest import (
    HEIC,
    HTML,
    PAYLOAD,
    docx,
    drawing,
    odt,
    package,
    pdf,
    photo,
    png_bomb,
    png_chunk,
    xlsx,
)
from xaso.kernel.attachments.tests.hostile_documents import Hostile, documents


def corpus() -> Iterator[Hostile]:
    """Yield every bad file."""
    yield from _bad_photos()
    yield from _bad_notes()
    yield from _disguises()
    yield from documents()
    yield from _bad_recordings()
    yield from _truncated()


def _bad_photos() -> Iterator[Hostile]:
    jpeg, png, webp = photo(), photo("PNG"), photo("WEBP")
    yield Hostile("empty", "photo", "a.jpg", b"")
    yield Hostile("one byte", "photo", "a.jpg", b"\xff")
    yield Hostile("jpeg magic only", "photo", "a.jpg", b"\xff\xd8\xff")
    yield Hostile("png magic only", "photo", "a.png", png[:8])
    yield Hostile("webp magic only", "photo", "a.webp", webp[:12])
    yield Hostile("heic magic only", "photo", "a.heic", HEIC[:12])
    yield Hostile("png bomb of pixels", "photo", "a.png", png_bomb(60_000, 60_000))
    yield Hostile("png bomb at the limit", "photo", "a.png", png_bomb(7_071, 7_071), may_clean=True)
    yield Hostile("png claims 4 GB", "photo", "a.png", png_bomb(2**31 - 1, 2**31 - 1))
    yield Hostile("png without width", "photo", "a.png", png_bomb(0, 100))
    yield Hostile(
        "png chunk longer than the file",
        "photo",
        "a.png",
        png[:33] + struct.pack(">I", 2**32 - 1) + png[37:],
        may_clean=True,
    )
    yield Hostile("png with a wrong checksum", "photo", "a.png", png[:29] + b"\0\0\0\0" + png[33:])
    many = b"".join(png_chunk(b"tEXt", b"k\0" + b"x" * 40) for _ in range(5_000))
    yield Hostile(
        "png with 5,000 texts", "photo", "a.png", png[:33] + many + png[33:], may_clean=True
    )
    text = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 80_000_000, 9))
    yield Hostile("png text bomb", "photo", "a.png", png[:33] + text + png[33:], may_clean=True)
    yield Hostile(
        "jpeg claims 65535 x 65535", "photo", "a.jpg", _jpeg_claiming(jpeg, 65_535, 65_535)
    )
    yield Hostile("jpeg of no height", "photo", "a.jpg", _jpeg_claiming(jpeg, 640, 0))
    yield Hostile(
        "jpeg larger than its data",
        "photo",
        "a.jpg",
        _jpeg_claiming(jpeg, 5_000, 5_000),
        may_clean=True,
    )
    yield Hostile(
        "jpeg segment without end", "photo", "a.jpg", b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 50
    )
    yield Hostile("jpeg of fill bytes", "photo", "a.jpg", b"\xff\xd8" + b"\xff" * 100_000)
    yield Hostile(
        "jpeg of 10,000 segments",
        "photo",
        "a.jpg",
        b"\xff\xd8" + b"\xff\xe1\x00\x04ab" * 10_000 + jpeg[2:],
    )
    yield Hostile("webp claims 16384 x 16384", "photo", "a.webp", _webp_claiming(16_384, 16_384))
    yield Hostile("webp without a picture", "photo", "a.webp", _webp_claiming(640, 480))
    yield Hostile("animated webp of 300 frames", "photo", "a.webp", _animated(), may_clean=True)
    yield Hostile("heic claims 60000 x 60000", "photo", "a.heic", _heic_claiming(60_000, 60_000))
    yield Hostile(
        "heic larger than its data", "photo", "a.heic", _heic_claiming(6_000, 6_000), may_clean=True
    )
    yield Hostile("heic box of 4 GB", "photo", "a.heic", b"\xff\xff\xff\xff" + HEIC[4:])
    yield Hostile(
        "heic boxes in a circle", "photo", "a.heic", HEIC[:28] + b"\0\0\0\x08meta" * 2_000
    )
    yield Hostile("heic without sizes", "photo", "a.heic", HEIC.replace(b"ispe", b"free"))
    yield Hostile("photo of 15 MB and one byte", "photo", "a.jpg", jpeg + b"\0" * 15 * 2**20)


def _bad_notes() -> Iterator[Hostile]:
    for kind, value in {
        "html": HTML.decode(),
        "sql": f"'; DROP TABLE attachments_attachment; -- {PAYLOAD.decode()}",
        "template": "{{ 7*7 }}{% load x %}" + PAYLOAD.decode(),
    }.items():
        exif = Image.Exif()
        exif[0x010E] = exif[0x013B] = value
        yield Hostile(
            f"exif with {kind}", "photo", "a.jpg", photo(exif=exif.tobytes()), may_clean=True
        )
    loop = b"Exif\0\0MM\0*\0\0\0\x08" + b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
    yield Hostile("exif in a circle", "photo", "a.jpg", photo(exif=loop), may_clean=True)
    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (1e9, 0.0, 0.0), "E", (1.0, 0.0, 0.0)
    yield Hostile(
        "position off the earth", "photo", "a.jpg", photo(exif=exif.tobytes()), may_clean=True
    )
    yield Hostile(
        "broken colour profile", "photo", "a.jpg", photo(icc_profile=PAYLOAD * 100), may_clean=True
    )
    yield Hostile("comment with html", "photo", "a.jpg", photo(comment=HTML), may_clean=True)


def _disguises() -> Iterator[Hostile]:
    jpeg, zipped = photo(), package({"index.html": HTML})
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>" + PAYLOAD + b"</script></svg>"
    yield Hostile("svg as png", "photo", "a.png", svg)
    yield Hostile("html as jpg", "photo", "a.jpg", HTML)
    yield Hostile("xml as jpg", "photo", "a.jpg", b"<?xml version='1.0'?><a/>")
    yield Hostile("gif with script", "photo", "a.gif", b"GIF89a/*" + PAYLOAD + b"*/=1;")
    yield Hostile("bmp", "photo", "a.bmp", photo("BMP"))
    yield Hostile("tiff as jpg", "photo", "a.jpg", photo("TIFF"))
    yield Hostile("avif as jpg", "photo", "a.jpg", photo("AVIF"))
    yield Hostile("photo named as a program", "photo", "a.exe", jpeg)
    yield Hostile("photo named as a page", "photo", "a.html", jpeg)
    yield Hostile("photo named as pdf", "photo", "a.pdf", jpeg)
    yield Hostile("pdf as photo", "photo", "a.jpg", pdf())
    yield Hostile("photo as pdf", "document", "a.pdf", jpeg)
    yield Hostile("program as pdf", "document", "a.pdf", b"MZ" + b"\0" * 200)
    yield Hostile("elf as jpg", "photo", "a.jpg", b"\x7fELF" + b"\0" * 200)
    yield Hostile("jpeg and html", "photo", "a.jpg", jpeg + HTML, may_clean=True)
    yield Hostile("jpeg and zip", "photo", "a.jpg", jpeg + zipped, may_clean=True)
    yield Hostile("png and zip", "photo", "a.png", photo("PNG") + zipped, may_clean=True)
    yield Hostile("pdf and zip", "document", "a.pdf", pdf() + zipped)
    yield Hostile("archive", "document", "a.zip", zipped)
    yield Hostile("archive as docx", "document", "a.docx", zipped)
    yield Hostile("docx as pdf", "document", "a.pdf", docx())
    yield Hostile("xlsx as docx", "document", "a.docx", xlsx())
    yield Hostile("html as csv", "document", "a.csv", HTML)
    yield Hostile("svg as csv", "document", "a.csv", svg)
    yield Hostile("rtl name", "photo", "anh\u202egpj.exe", jpeg)
    yield Hostile("nul name", "document", "a.pdf\0.exe", HTML)
    yield Hostile("path as name", "document", "../../etc/passwd", b"root:x:0:0")


def _bad_recordings() -> Iterator[Hostile]:
    wav = b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WAVEfmt "
    yield Hostile("wav of a wrong length", "recording", "a.wav", wav)
    yield Hostile("html as mp3", "recording", "a.mp3", HTML)
    yield Hostile("mp3 as wav", "recording", "a.wav", b"ID3\x04" + b"\0" * 100)
    yield Hostile("photo as m4a", "recording", "a.m4a", HEIC)
    yield Hostile("empty recording", "recording", "a.mp3", b"")


def _truncated() -> Iterator[Hostile]:
    whole = {
        "a.jpg": photo(),
        "a.png": photo("PNG"),
        "a.webp": photo("WEBP"),
        "a.heic": HEIC,
        "a.pdf": pdf(),
        "a.docx": docx(),
        "a.odt": odt(),
    }
    for name, data in whole.items():
        door = "document" if name[2:] in {"pdf", "docx", "odt"} else "photo"
        for share in (1, 10, 25, 50, 75, 90):
            cut = data[: max(1, len(data) * share // 100)]
            yield Hostile(f"{name} cut at {share} %", door, name, cut)


def _jpeg_claiming(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _webp_claiming(width: int, height: int) -> bytes:
    extended = (
        struct.pack("<I", 0)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBPVP8X" + struct.pack("<I", len(extended)) + extended
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _heic_claiming(width: int, height: int) -> bytes:
    at = HEIC.index(b"ispe") + 8
    return HEIC[:at] + struct.pack(">II", width, height) + HEIC[at + 8 :]


def _animated() -> bytes:
    out = io.BytesIO()
    first = drawing(64, 64)
    frames = [ImageOps.posterize(first, 1 + n % 8) for n in range(300)]
    first.save(out, "WEBP", save_all=True, append_images=frames)
    return out.getvalue()
