"""A list as an XLSX workbook: one sheet's rows, with merged cells filled and formulas marked.

Cells are plain values for JSON: text, numbers, `{"d": day}` for a cell that Excel keeps as a date,
`{"e": what}` for one that holds no value (a formula never computed, `#REF!`).
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.xml.constants import SHARED_STRINGS

from xaso.kernel.attachments.sandbox import office
from xaso.kernel.attachments.sandbox.verdict import No as Dangerous
from xaso.population.lists import sheets
from xaso.population.lists.verdicts import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TEXT,
    No,
)

TOP = 40  # rows in which titles and headers stand
_DEEPEST = 500  # rows of one merged cell: a household, not a sheet
_MOST_MERGED = 100_000
_LOCKED = b"\xd0\xcf\x11\xe0"  # a compound file: an encrypted workbook, or one of Excel 97
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_SIZE = re.compile(rb'<dimension ref="(?:[A-Z]{1,3}[0-9]{1,7}:)?[A-Z]{1,3}([0-9]{1,7})"')
_SIZE_STANDS = 4_096  # bytes from the beginning of a sheet
Cell = Any
Grid = dict[tuple[int, int], Any]


def read(data: bytes, sheet: int | None) -> tuple[dict[str, Any], list[list[Any]]]:
    """Return facts and rows of one sheet, by default the longest visible one.

    Facts: `sheets` (name, is_hidden), `sheet` (its place), `is_1904`. Refuses with `locked`,
    `macros`, `outside_links`, `not_a_workbook`, `too_many_rows`, `too_many_columns`, `too_large`.
    """
    _refuse(data)
    book = _Book(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    book.read()
    found = list(_sheets(book))
    if not found:
        raise No("not_a_workbook")
    at = sheet if sheet is not None and 0 <= sheet < len(found) else _longest(found)
    own = book.wb
    styles = sheets.Styles(
        own.epoch,
        frozenset(own._date_formats),  # type: ignore[attr-defined]  # noqa: SLF001
        frozenset(own._timedelta_formats),  # type: ignore[attr-defined]  # noqa: SLF001
    )
    part = found[at].part
    rows = _filled(_rows(sheets.rows(part, book.shared_strings, styles)), part)
    names = [{"name": each.name[:80], "is_hidden": each.is_hidden} for each in found]
    facts = {
        "sheets": names,
        "sheet": at,
        "is_1904": own.epoch == MAC_EPOCH,
        "count": len(rows),
    }
    return facts, rows


class _Book(ExcelReader):
    """A workbook without its sheets: names, styles, texts."""

    def read_strings(self) -> None:
        """Read the table of texts."""
        table = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if table is not None:
            self.shared_strings = sheets.texts(self.archive.read(table.PartName[1:]))

    def read_worksheets(self) -> None:
        """Leave the sheets alone."""


@dataclass(frozen=True)
class _Sheet:
    """A sheet as it lies in the package."""

    name: str
    is_hidden: bool
    part: bytes

    @property
    def length(self) -> int:
        """Return how many rows it says it has; uncounted, as many as it holds."""
        said = _SIZE.search(self.part[:_SIZE_STANDS])
        return int(said.group(1)) if said else self.part.count(b"<row")


def _sheets(book: _Book) -> Iterator[_Sheet]:
    for sheet, link in book.parser.find_sheets():
        if link.target in book.valid_files and "chartsheet" not in link.Type:
            yield _Sheet(sheet.name, sheet.state != "visible", book.archive.read(link.target))


def _refuse(data: bytes) -> None:
    """Refuse what is no plain workbook, saying which of the reasons it is."""
    if data.startswith(_LOCKED):
        raise No("locked")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [info.filename.lower() for info in package.infolist()]
    except zipfile.BadZipFile as error:
        raise No("not_a_workbook") from error
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        raise No("macros")
    if any("externallinks" in name for name in names):
        raise No("outside_links")
    try:
        found, _none = office.inspected(data)
    except Dangerous as no:
        raise No(_REASONS.get(no.code, "not_a_workbook")) from no
    if not found["media_type"].endswith("spreadsheetml.sheet"):
        raise No("not_a_workbook")


_REASONS = {"locked_file": "locked", "dangerous_document": "dangerous"}


def _longest(found: list[_Sheet]) -> int:
    def size(at: int) -> tuple[bool, int, int]:
        return not found[at].is_hidden, found[at].length, -at

    return max(range(len(found)), key=size)


def _rows(given: list[tuple[int, list[Any]]]) -> list[list[Any]]:
    found: list[list[Any]] = []
    text = 0
    for number, values in given:
        cells = _kept(values)
        if not cells:
            continue
        text += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(found) >= MOST_ROWS:
            raise No("too_many_rows")
        if text > MOST_TEXT:
            raise No("too_large")
        found.append([number, cells])
    return found


def _kept(values: list[Any]) -> list[Cell]:
    """Return a row's cells as plain values, without the empty ones at its end."""
    cells = [
        {"e": "formula"} if value is sheets.NOT_COMPUTED else _plain(value) for value in values
    ]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _plain(value: Any) -> Cell:  # noqa: ANN401
    if value is None:
        return None
    if isinstance(value, str):
        if value.startswith("#") and value.rstrip("!?").isupper():
            return {"e": value[:20]}
        return value.strip()[:LONGEST_CELL] or None
    if isinstance(value, datetime.date):  # a moment is one too
        return {"d": value.isoformat()[:10]}
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, int | float) else str(value)[:LONGEST_CELL]


def _filled(rows: list[list[Any]], part: bytes) -> list[list[Any]]:
    """Give merged cells the value of their first cell: downwards, and in the head also across."""
    by_number = {row[0]: row[1] for row in rows}
    for first, last, left, right in _merged(part):
        source = by_number.get(first, [])
        value = source[left - 1] if len(source) >= left else None
        if value is None:
            continue
        across = right if first <= TOP else left
        for number in range(first, last + 1):
            cells = by_number.get(number)
            if cells is None:
                continue
            cells.extend([None] * (across - len(cells)))
            for column in range(left, across + 1):
                if cells[column - 1] is None:
                    cells[column - 1] = value
    return rows


def _merged(part: bytes) -> Iterator[tuple[int, int, int, int]]:
    for count, found in enumerate(_MERGED.finditer(part)):
        left, first, right, last = range_boundaries(found.group(1).decode())
        if count >= _MOST_MERGED:
            return
        if not (left and first and right and last):
            continue
        if right > MOST_COLUMNS or last - first > _DEEPEST:
            continue
        yield first, last, left, right
