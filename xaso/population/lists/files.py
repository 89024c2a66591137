"""Rows as files people open: a cell that begins like a formula is written as text (CWE-1236)."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no workbook holds these
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def written(form: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows under a head as a file."""
    return _xlsx(head, rows) if form == XLSX else _csv(head, rows)


def guarded(value: Any) -> str:  # noqa: ANN401  (a plain cell)
    """Return a cell as text that no spreadsheet takes for a formula."""
    text = _UNPRINTABLE.sub("", "" if value is None else str(value))
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - large, seldom needed
    from openpyxl.writer.excel import save_workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("danh-sach")
    sheet.freeze_panes = "A2"
    sheet.append([guarded(cell) for cell in head])
    for row in rows:
        sheet.append([guarded(cell) for cell in row])
    file = BytesIO()
    save_workbook(book, file)
    return file.getvalue()
