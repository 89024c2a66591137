"""A list of another system: JSON or XLSX with the national field names, as plain lines.

Dates come as `yyyyMMddHHmmss` or ISO. Unknown fields are kept. Nothing here touches the database.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from xaso.dossiers import codes
from xaso.dossiers.exchange.writing import FLAT
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line
from xaso.kernel.text.dates import ZONE

MOST_ROWS = 20_000
LARGEST = 20 * 1024 * 1024
_LISTS = ("DanhSachLePhi", "DanhSachHoSoBoSung", "TaiLieuNop", "DanhSachGiayToKetQua")
_KNOWN = frozenset(FLAT) | set(_LISTS) | {"DinhDanhCHS", "DSKetNoiCSDL", "DanhSachTepDinhKemKhac"}
_PACKED = re.compile(r"\d{14}")


class NotAList(Invalid):
    """The file holds no list of dossiers."""

    sentence = _("Tệp này không phải danh sách hồ sơ. Cần tệp JSON hoặc XLSX có cột MaHoSo.")


@dataclass(frozen=True)
class Line:
    """One dossier as the other side says it is."""

    row: int
    code: str
    state: int | None
    procedure: str = ""
    applicant: str = ""
    id_number: str = ""
    subject: str = ""
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    promise_at: datetime | None = None
    resolved_at: datetime | None = None
    returned_at: datetime | None = None
    fee: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What a file held: lines, and the rows that could not be read, each with why."""

    lines: tuple[Line, ...]
    faults: tuple[tuple[int, str], ...]


def read(raw: bytes, name: str) -> Read:
    """Return the lines of a file. Refuses with NotAList for anything that is no such list."""
    if len(raw) > LARGEST:
        raise NotAList(_("Tệp lớn quá, nhiều nhất 20 MB."))
    rows = _sheet(raw) if name.lower().endswith(".xlsx") else _json(raw)
    lines, faults = [], []
    for number, row in rows:
        if number > MOST_ROWS:
            faults.append((number, str(_("Nhiều hàng quá, phần sau chưa đọc."))))
            break
        try:
            lines.append(_line(number, row))
        except (ValueError, Invalid) as error:
            faults.append((number, str(getattr(error, "sentence", error))))
    return Read(tuple(lines), tuple(faults))


def _json(raw: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotAList from error
    rows = found.get("data", found.get("HoSo")) if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NotAList
    return iter(list(enumerate(rows, start=1)))


def _sheet(raw: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise NotAList from error
    sheet = book.worksheets[0]
    rows = sheet.iter_rows(values_only=True, max_col=80)
    head = [clean_line(str(cell or "")) for cell in next(rows, ())]
    if "MaHoSo" not in head:
        raise NotAList
    return (
        (number, dict(zip(head, row, strict=False)))
        for number, row in enumerate(rows, start=2)
        if any(cell not in (None, "") for cell in row)
    )


def _line(number: int, row: Mapping[str, Any]) -> Line:
    code = codes.check(str(row.get("MaHoSo") or ""))
    return Line(
        row=number,
        code=code,
        state=_state(row.get("TrangThaiHoSo")),
        procedure=clean_line(str(row.get("MaTTHC") or "")),
        applicant=clean_line(str(row.get("ChuHoSo") or ""))[:150],
        id_number=clean_line(str(row.get("SoGiayToChuHoSo") or "")),
        subject=clean_line(str(row.get("TrichYeuHoSo") or ""))[:500],
        submitted_at=_moment(row.get("NgayNopHoSo")),
        accepted_at=_moment(row.get("NgayTiepNhan")),
        promise_at=_moment(row.get("NgayHenTra")),
        resolved_at=_moment(row.get("NgayKetThucXuLy")),
        returned_at=_moment(row.get("NgayTra")),
        fee=_fee(row.get("DanhSachLePhi")),
        extra={
            str(key)[:60]: _plain(value)
            for key, value in row.items()
            if key and str(key) not in _KNOWN and value not in (None, "")
        },
    )


def _state(value: object) -> int | None:
    if value in (None, ""):
        return None
    number = int(str(value).strip())
    if not 1 <= number <= 10:
        raise ValueError(str(_("Trạng thái phải từ 1 đến 10.")))
    return number


def _moment(value: object) -> datetime | None:
    """Return a date of the exchange as an instant; without an offset it is the commune's clock."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=ZONE)
    text = str(value).strip()
    if _PACKED.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=ZONE)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _fee(value: object) -> int | None:
    if not isinstance(value, list):
        return None
    return sum(int(each.get("Gia") or 0) for each in value if isinstance(each, dict))


def _plain(value: object) -> Any:  # noqa: ANN401  (JSON)
    is_plain = isinstance(value, str | int | float | bool | list | dict)
    return value if is_plain else str(value)
