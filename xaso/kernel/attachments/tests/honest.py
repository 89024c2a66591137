"""Honest files made anew at each run: what everything bad is made from."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, PngImagePlugin

PAYLOAD = b"HOSTILE-PAYLOAD-7f3a"
HTML = b"<html><script>alert('" + PAYLOAD + b"')</script></html>"
HEIC = (Path(__file__).parent / "drawn.heic").read_bytes()
_DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XLSX_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def drawing(width: int = 640, height: int = 480) -> Image.Image:
    picture = Image.new("RGB", (width, height), (30, 120, 60))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((width // 8, height // 8, width // 2, height // 2), fill=(230, 180, 20))
    pen.ellipse((width // 2, height // 3, width - 20, height - 20), fill=(20, 60, 200))
    return picture


def photo(kind: str = "JPEG", width: int = 640, height: int = 480, **options: object) -> bytes:
    out = io.BytesIO()
    drawing(width, height).save(out, kind, **options)
    return out.getvalue()


def spoiled() -> bytes:
    """Return a photo that is there to its end and still cannot be read."""
    data = photo("WEBP")
    return data[:40] + b"\xff" * 200 + data[240:]


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def package(parts: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return out.getvalue()


def docx(more: dict[str, bytes | str] | None = None, main: str = _DOCX_MAIN) -> bytes:
    return package(_docx_parts(main) | (more or {}))


def _docx_parts(main: str = _DOCX_MAIN) -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": _rels(
            f'<Relationship Id="r1" Type="{_REL}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/document.xml": "<document><body><p>Kính gửi Ủy ban nhân dân xã</p></body></document>",
    }


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    parts = _docx_parts(_XLSX_MAIN)
    del parts["word/document.xml"]
    sheet = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"
    return package(parts | {"xl/worksheets/sheet1.xml": sheet} | (more or {}))


def odt(
    body: str = "<text:p>Kính gửi</text:p>", more: dict[str, bytes | str] | None = None
) -> bytes:
    content = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:draw="d" '
        f'xmlns:xlink="x" xmlns:script="s">{body}</office:document-content>'
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return package(
        {"mimetype": mimetype, "content.xml": content} | (more or {}), zipfile.ZIP_STORED
    )


def _rels(inside: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{inside}</Relationships>"
    )


def external(kind: str, target: str) -> str:
    return _rels(
        f'<Relationship Id="r9" Type="{_REL}/{kind}" Target="{target}" TargetMode="External"/>'
    )


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int, kind: int = 0) -> bytes:
    """Return a tiny PNG that says it is enormous and whose rows really unpack to zeros."""
    rows = zlib.compress(b"\0" * min(height * ((width + 7) // 8 + 1), 60_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, kind, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", rows)
        + png_chunk(b"IEND", b"")
    )


def with_everything(kind: str = "JPEG") -> bytes:
    """Return an honest photo that carries every kind of note, each holding the payload."""
    word = PAYLOAD.decode()
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = word, word, word
    notes = exif.get_ifd(0x8769)
    notes[0x9003], notes[0x9011] = "2026:08:21 09:15:00", "+07:00"
    notes[0x927C] = PAYLOAD * 4  # maker notes
    notes[0x9286] = b"ASCII\0\0\0" + PAYLOAD
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (22.0, 18.0, 30.0), "E", (103.0, 33.0, 36.0)
    exif[0x0112] = 6  # the camera was held upright
    options: dict[str, object] = {"exif": exif.tobytes()}
    if kind == "JPEG":
        options |= {"comment": PAYLOAD, "xmp": _xmp(), "icc_profile": _profile()}
    elif kind == "WEBP":
        options |= {"xmp": _xmp(), "icc_profile": _profile()}
    else:
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", word)
        info.add_itxt("XML:com.adobe.xmp", _xmp().decode())
        options |= {"pnginfo": info, "icc_profile": _profile()}
    data = photo(kind, **options)
    return _with_thumbnail(data) if kind == "JPEG" else data


def _xmp() -> bytes:
    said = json.dumps(PAYLOAD.decode())
    return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><note v={said}/></x:xmpmeta>".encode()


def _profile() -> bytes:
    """Return a real sRGB profile with the payload behind its end, as some programs leave it."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + PAYLOAD


def _with_thumbnail(jpeg: bytes) -> bytes:
    """Return the photo with a second, small JPEG in a segment of its own, as cameras add."""
    small = photo("JPEG", 80, 60, comment=PAYLOAD)
    body = b"JFXX\0\x10" + small
    return jpeg[:2] + b"\xff\xe0" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]
