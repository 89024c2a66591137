"""The same paper as a DOCX, for offices that go on in a word processor."""

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import segno
from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

Block = Mapping[str, Any]
Place = Docx | _Cell
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_FONT = "Times New Roman"  # what the decree names; offices have it
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MADE = datetime(2020, 1, 1, tzinfo=UTC)  # the same data give the same bytes


def made(paper: Mapping[str, Any]) -> bytes:
    """Return the paper as a DOCX."""
    document = Document()
    _set_up(document, paper)
    for block in paper["blocks"]:
        _DRAW[block["kind"]](document, block)
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    written = io.BytesIO()
    PackageWriter.write(written, package.rels, package.parts)  # type: ignore[no-untyped-call]
    return _undated(written)


def _undated(written: io.BytesIO) -> bytes:
    """Return the package with one date on all its parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return packed.getvalue()


def _set_up(document: Docx, paper: Mapping[str, Any]) -> None:
    look, section = paper["look"], document.sections[0]
    section.page_width, section.page_height = Mm(look["width"]), Mm(look["height"] or 297)
    section.top_margin, section.bottom_margin = Mm(look["top"]), Mm(look["bottom"])
    section.left_margin, section.right_margin = Mm(look["left"]), Mm(look["right"])
    section.header_distance = Mm(10)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(look["size"])
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn(script), _FONT)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.space_before = Pt(0)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = paper["title"], "", ""
    properties.created = properties.modified = _MADE
    if look["kind"] != "roll":
        _number_pages(document)
    if paper["watermark"]:
        _write(document, paper["watermark"], align="center", bold=True)


def _number_pages(document: Docx) -> None:
    """Put page numbers in the middle of the top margin, but on the first."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = line.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001  (python-docx has no fields)


def _write(  # noqa: PLR0913  (how one line looks)
    place: Place,
    text: str,
    *,
    align: str = "left",
    bold: bool = False,
    italic: bool = False,
    size: float = 0,
    after: float = 3,
) -> Paragraph:
    line = place.add_paragraph()
    line.alignment = _ALIGN[align]
    line.paragraph_format.space_after = Pt(after)
    _run(line, text, bold=bold, italic=italic, size=size)
    return line


def _run(line: Paragraph, text: str, *, bold: bool, italic: bool = False, size: float = 0) -> None:
    run = line.add_run(_NOT_XML.sub("", text))
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)


def _cells(document: Docx, columns: int, *, grid: bool = False) -> Table:
    table: Table = document.add_table(rows=1, cols=columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    if grid:
        table.style = "Table Grid"
    return table


def _first(cell: _Cell) -> _Cell:
    """Take away the empty line every new cell begins with."""
    cell._tc.remove(cell.paragraphs[0]._p)  # noqa: SLF001  (python-docx cannot)
    return cell


def _head(document: Docx, block: Block) -> None:
    table = _cells(document, 2)
    table.autofit = False
    left, right = (_first(cell) for cell in table.rows[0].cells)
    left.width, right.width = Mm(64), Mm(96)
    if block["parent"]:
        _write(left, block["parent"].upper(), align="center", size=12, after=0)
    _write(left, block["agency"].upper(), align="center", bold=True, size=12)
    for name, size in (("unit", 12), ("number", 13), ("about", 12)):
        if block[name]:
            _write(left, block[name], align="center", size=size)
    nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    _write(right, nation, align="center", bold=True, size=12, after=0)
    _underlined(_write(right, "Độc lập - Tự do - Hạnh phúc", align="center", bold=True, size=13))
    if block["date"]:
        _write(right, block["date"], align="center", italic=True, size=13)


def _underlined(line: Paragraph) -> None:
    for run in line.runs:
        run.underline = True


def _title(document: Docx, block: Block) -> None:
    size = block["size"]
    _write(document, block["text"].upper(), align="center", bold=True, size=size)
    if block["about"]:
        _write(document, block["about"], align="center", bold=True, size=size, after=8)


def _text(document: Docx, block: Block) -> None:
    line = document.add_paragraph()
    line.alignment = _ALIGN[block["align"]]
    line.paragraph_format.space_before = Pt(block["before"])
    line.paragraph_format.space_after = Pt(max(block["after"], 6))
    if block["align"] == "justify":
        line.paragraph_format.first_line_indent = Mm(block["indent"])
    for run in block["runs"]:
        _run(line, run["text"], bold=run["bold"], italic=run["italic"], size=block["size"])


def _facts(document: Docx, block: Block) -> None:
    for row in block["rows"]:
        line = _write(document, f"{row['label']}: ", bold=True)
        _run(line, row["value"], bold=False)


def _table(document: Docx, block: Block) -> None:
    table = _cells(document, len(block["columns"]), grid=True)
    total = sum(column["width"] for column in block["columns"])
    for cell, column in zip(table.rows[0].cells, block["columns"], strict=True):
        _write(_first(cell), column["title"], align="center", bold=True, size=block["size"])
        cell.width = Mm(160 * column["width"] / total)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001
    for row in block["rows"]:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]
        for cell, text, column in zip(cells, row, block["columns"], strict=True):
            _write(_first(cell), text, align=column["align"], size=block["size"])
            cell.width = Mm(160 * column["width"] / total)
    document.add_paragraph()


def _list(document: Docx, block: Block) -> None:
    for item in block["items"]:
        _write(document, f"{block['mark']} {item}")


def _qr(document: Docx, block: Block) -> None:
    code = segno.make(block["data"] or "-", error="m", micro=False)
    png = code.png_data_uri(scale=6, border=2).partition(",")[2]
    picture = io.BytesIO(base64.b64decode(png))
    line = document.add_paragraph()
    line.alignment = _ALIGN[block["align"]]
    line.add_run().add_picture(picture, width=Mm(block["width"]))
    if block["caption"]:
        _write(document, block["caption"], align=block["align"], size=9)


def _sign(document: Docx, block: Block) -> None:
    table = _cells(document, len(block["columns"]))
    for cell, column in zip(table.rows[0].cells, block["columns"], strict=True):
        place = _first(cell)
        if column["note"]:
            _write(place, column["note"], align="center", italic=True, after=0)
        _write(place, column["title"].upper(), align="center", bold=True, after=0)
        _write(place, column["hint"], align="center", italic=True, size=11, after=48)
        _write(place, column["name"], align="center", bold=True)


def _close(document: Docx, block: Block) -> None:
    left, right = (_first(cell) for cell in _cells(document, 2).rows[0].cells)
    if block["receivers"]:
        _write(left, "Nơi nhận:", bold=True, italic=True, size=12, after=0)
    for text in block["receivers"] or [""]:
        _write(left, text, size=11, after=0)
    for text in block["titles"]:
        _write(right, text.upper(), align="center", bold=True, after=0)
    _write(right, "", after=60)
    _write(right, block["name"], align="center", bold=True)


def _rule(document: Docx, _block: Block) -> None:
    _write(document, "_" * 40, align="center")


def _space(document: Docx, block: Block) -> None:
    document.add_paragraph().paragraph_format.space_after = Mm(block["height"])


def _break(document: Docx, _block: Block) -> None:
    document.add_page_break()  # type: ignore[no-untyped-call]


_DRAW = {
    "head": _head, "title": _title, "text": _text, "facts": _facts, "table": _table,
    "list": _list, "qr": _qr, "sign": _sign, "close": _close,
    "rule": _rule, "space": _space, "break": _break,
}  # fmt: skip
