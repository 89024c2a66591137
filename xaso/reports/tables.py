"""Rows as files people open: CSV, XLSX, GeoJSON. Pure functions over plain rows.

A cell that begins like a formula is written as text: spreadsheets run formulas, and a resident
could write one into a report (CWE-1236).
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from xaso.kernel.text import dates

Rows = Iterable[Mapping[str, Any]]
CSV, XLSX, GEOJSON, JSON = "csv", "xlsx", "geojson", "json"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    GEOJSON: "application/geo+json",
    JSON: "application/json",
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def written(form: str, columns: Sequence[str], rows: Rows) -> bytes:
    """Return rows as a file of a form: csv, xlsx, geojson or json."""
    return {CSV: as_csv, XLSX: as_xlsx, GEOJSON: as_geojson, JSON: as_json}[form](columns, rows)


def as_csv(columns: Sequence[str], rows: Rows) -> bytes:
    """Return comma-separated values (RFC 4180) in UTF-8 with the mark spreadsheets look for."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_guarded(_plain(row[name])) for name in columns])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Rows) -> bytes:
    """Return a workbook with one sheet; dates are dates, in the commune's time."""
    from openpyxl import Workbook  # noqa: PLC0415 - large, seldom needed
    from openpyxl.writer.excel import save_workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("phan-anh")
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, name) for name in columns])
    for row in rows:
        sheet.append([_cell(row[name]) for name in columns])
    file = BytesIO()
    save_workbook(book, file)
    return file.getvalue()


def as_geojson(columns: Sequence[str], rows: Rows) -> bytes:
    """Return the rows that have a point as a FeatureCollection (RFC 7946)."""
    named = [name for name in columns if name not in {"lat", "lon"}]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {name: _plain(row[name]) for name in named},
        }
        for row in rows
        if row["lat"] is not None and row["lon"] is not None
    ]
    return _json({"type": "FeatureCollection", "features": features})


def as_json(columns: Sequence[str], rows: Rows) -> bytes:
    """Return the rows as a list of objects."""
    return _json([{name: _plain(row[name]) for name in columns} for row in rows])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> str | int | float | bool | None:
    """Return a value as JSON knows it; moments carry the commune's offset (RFC 3339)."""
    if isinstance(value, datetime):
        return dates.local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def _guarded(value: str | float | bool | None) -> str | float | bool | None:  # noqa: FBT001
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return dates.local(value).replace(tzinfo=None)
    if isinstance(value, str):
        return _guarded(_UNPRINTABLE.sub("", value)[:32_000])
    return value


def _heading(sheet: Any, name: str) -> object:  # noqa: ANN401  (the library's own type)
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above
    from openpyxl.styles import Font  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell
