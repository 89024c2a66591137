"""A list as an XLSX workbook: one sheet's rows, with merged cells filled and formulas marked.

Cells are plain values for JSON: text, numbers, `{"d": day}` for a cell that Excel keeps as a date,
`{"e": what}` for one that holds no value (a formula never computed, `#REF!`).
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH

from xaso.kernel.attachments.sandbox import office
from xaso.kernel.attachments.sandbox.verdict import No as Dangerous
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
_NOT_COMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
Cell = Any
Grid = dict[tuple[int, int], Any]


def read(data: bytes, sheet: int | None) -> tuple[dict[str, Any], list[list[Any]]]:
    """Return facts and rows of one sheet, by default the longest visible one.

    Facts: `sheets` (name, is_hidden), `sheet` (its place), `is_1904`. Refuses with `locked`,
    `macros`, `outside_links`, `not_a_workbook`, `too_many_rows`, `too_many_columns`, `too_large`.
    """
    _refuse(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    if not sheets:
        raise No("not_a_workbook")
    at = sheet if sheet is not None and 0 <= sheet < len(sheets) else _longest(sheets)
    part = book._archive.read(sheets[at]._worksheet_path)  # type: ignore[attr-defined]  # noqa: SLF001
    rows = _filled(_rows(sheets[at], _not_computed(part)), part)
    names = [{"name": s.title[:80], "is_hidden": s.sheet_state != "visible"} for s in sheets]
    facts = {
        "sheets": names,
        "sheet": at,
        "is_1904": book.epoch == MAC_EPOCH,
        "count": len(rows),
    }
    return facts, rows


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


def _longest(sheets: list[Any]) -> int:
    def size(at: int) -> tuple[bool, int, int]:
        sheet = sheets[at]
        return sheet.sheet_state == "visible", sheet.max_row or MOST_ROWS, -at

    return max(range(len(sheets)), key=size)


def _rows(sheet: Any, not_computed: set[tuple[int, int]]) -> list[list[Any]]:  # noqa: ANN401
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    found: list[list[Any]] = []
    text = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = _kept(values, number, not_computed)
        if not cells:
            continue
        text += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(found) >= MOST_ROWS:
            raise No("too_many_rows")
        if len(cells) > MOST_COLUMNS:
            raise No("too_many_columns")
        if text > MOST_TEXT:
            raise No("too_large")
        found.append([number, cells])
    return found


def _kept(values: tuple[Any, ...], number: int, not_computed: set[tuple[int, int]]) -> list[Cell]:
    """Return a row's cells as plain values, without the empty ones at its end."""
    if not_computed:
        cells = [
            {"e": "formula"} if (number, at) in not_computed else _plain(value)
            for at, value in enumerate(values, start=1)
        ]
    else:
        cells = [_plain(value) for value in values]
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


def _not_computed(part: bytes) -> set[tuple[int, int]]:
    """Return the cells whose formula has no kept result: read as empty they would say nothing."""
    if b"<f" not in part:
        return set()
    return {coordinate_to_tuple(m.group(1).decode()) for m in _NOT_COMPUTED.finditer(part)}


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
