"""Rows as comma-separated values that people open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return rows as a file (RFC 4180) in UTF-8 with the mark spreadsheets look for."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    body = text.getvalue().encode("utf-8-sig")
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = str(content_disposition_header(True, name))  # noqa: FBT003
    return response


def guarded(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula (CWE-1236)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell
