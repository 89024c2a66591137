"""A table of portal scores as staff export or type it."""

import csv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _

from xaso.ioc.kpi.definition import Definition
from xaso.ioc.kpi.gathering import read_number
from xaso.kernel.refusals import Invalid

COLUMNS = ("period", "department", "metric_code", "numerator", "denominator", "score")
LARGEST = 2 * 1024 * 1024
MOST = 2_000


@dataclass(frozen=True, slots=True)
class PortalRow:
    """What the portal says of one metric."""

    metric: str
    part: Decimal | None
    whole: Decimal | None
    points: Decimal | None


def read(name: str, content: bytes, definition: Definition, period: str) -> list[PortalRow]:
    """Return the rows of one period ("2026-11"), each metric once, in the order of the file.

    CSV in UTF-8 (comma or semicolon) or XLSX, with the columns of `COLUMNS` in any order.
    Refuses with Invalid: which line, what is wrong, nothing half-read.
    """
    if len(content) > LARGEST:
        raise _wrong(_("Tệp lớn hơn 2 MB. Bác chọn tệp chỉ có bảng điểm."))
    rows = _sheet(content) if name.lower().endswith(".xlsx") else _csv(content)
    known = {metric.code: metric.maximum for metric in definition.metrics}
    found: dict[str, PortalRow] = {}
    for number, said in _named(rows):
        if said["period"] != period:
            continue
        row = _row(number, said)
        _fits(number, row, known)
        if row.metric in found:
            raise _line(number, _("chỉ số này đã có ở dòng trên"))
        found[row.metric] = row
    if not found:
        raise _wrong(_("Tệp không có dòng nào của tháng %s.") % period)
    return list(found.values())


def _named(rows: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines under the head with their numbers and cells by column."""
    head = next(rows, None)
    if head is None:
        raise _wrong(_("Tệp không có dòng nào."))
    places = _places(head)
    for number, cells in enumerate(rows, start=2):
        yield number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}


def _fits(number: int, row: PortalRow, known: Mapping[str, Fraction]) -> None:
    if row.metric not in known:
        raise _line(number, _("mã chỉ số “%s” không có trong bộ đang dùng") % row.metric)
    if row.points is not None and row.points > known[row.metric]:
        raise _line(number, _("điểm cao hơn mức tối đa của chỉ số"))


def _row(number: int, said: dict[str, str]) -> PortalRow:
    try:
        part, whole, points = (
            read_number(said[key]) for key in ("numerator", "denominator", "score")
        )
    except ValueError as error:
        raise _line(number, _("“%s” không phải là số") % error) from error
    if part is not None and whole is not None and part > whole:
        raise _line(number, _("tử số lớn hơn mẫu số"))
    return PortalRow(said["metric_code"].upper(), part, whole, points)


def _places(head: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in head]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise _wrong(_("Dòng đầu của tệp thiếu cột: %s.") % ", ".join(missing))
    return {column: names.index(column) for column in COLUMNS}


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(_("Tệp CSV phải lưu ở dạng UTF-8.")) from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    for count, row in enumerate(csv.reader(StringIO(text), delimiter=delimiter)):
        if count > MOST:
            raise _wrong(_("Tệp có quá nhiều dòng."))
        yield [cell.strip() for cell in row]


def _sheet(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - large, seldom needed
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > 20 * LARGEST:
                raise _wrong(_("Tệp bung ra quá lớn."))
        sheet = load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for count, row in enumerate(sheet.iter_rows(values_only=True)):
            if count > MOST:
                raise _wrong(_("Tệp có quá nhiều dòng."))
            yield [_plain(cell) for cell in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _wrong(_("Tệp Excel không mở được. Bác lưu lại dạng .xlsx rồi thử lại.")) from error


def _plain(cell: Any) -> str:  # noqa: ANN401 - what a spreadsheet holds
    if hasattr(cell, "strftime"):
        return f"{cell:%Y-%m}"
    return "" if cell is None else str(cell).strip()


def _line(number: int, what: str) -> Invalid:
    return _wrong(_("Dòng %(number)s: %(what)s.") % {"number": number, "what": what})


def _wrong(sentence: str) -> Invalid:
    return Invalid(errors={"file": [sentence]})
