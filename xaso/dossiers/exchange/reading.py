"""A list of another system: JSON or XLSX with the national field names, as plain lines.

Dates come as `yyyyMMddHHmmss` or ISO. Unknown fields are kept. Nothing here touches the database.
"""

import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MINYEAR, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import codes
from xaso.dossiers.exchange.writing import FLAT
from xaso.kernel.attachments import workshop
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_line, clean_text
from xaso.kernel.text.dates import ZONE

MOST_ROWS = 20_000
LARGEST = 20 * 1024 * 1024
_LISTS = ("DanhSachLePhi", "DanhSachHoSoBoSung", "TaiLieuNop", "DanhSachGiayToKetQua")
_KNOWN = frozenset(FLAT) | set(_LISTS) | {"DinhDanhCHS", "DSKetNoiCSDL", "DanhSachTepDinhKemKhac"}
_PACKED = re.compile(r"[0-9]{14}")
_UNPACKED = 64 * 1024 * 1024  # bytes of all parts of a workbook together
_YEARS = range(1990, 2101)
_MOST_EXTRA, _LONGEST_EXTRA = 60, 4_000  # unknown fields kept of a line, letters of one as JSON
# What openpyxl meets in a workbook that is none.
_BROKEN = (
    BadZipFile, ParseError, zlib.error, EOFError, OSError, LookupError,
    ValueError, TypeError, AttributeError, NotImplementedError,
)  # fmt: skip


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
        except (ValueError, OverflowError, Invalid) as error:
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
    """Yield the rows of a workbook that the sandbox found to be only a workbook, and no bomb."""
    try:
        workshop.opened("office", BytesIO(raw))
    except Refusal as refusal:
        raise NotAList(refusal.sentence) from refusal
    try:
        rows = _rows(raw) if _unpacked(raw) <= _UNPACKED else None
    except _BROKEN as error:
        raise NotAList from error
    if rows is None:
        raise NotAList(_("Tệp lớn quá. Bác chia danh sách thành nhiều tệp nhỏ hơn."))
    return iter(rows)


def _unpacked(raw: bytes) -> int:
    with ZipFile(BytesIO(raw)) as package:
        return sum(each.file_size for each in package.infolist())


def _rows(raw: bytes) -> list[tuple[int, Mapping[str, Any]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - large, seldom needed
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    except InvalidFileException as error:
        raise NotAList from error
    rows = book.worksheets[0].iter_rows(values_only=True, max_col=80)
    head = [clean_line(str(cell or "")) for cell in next(rows, ())]
    if "MaHoSo" not in head:
        raise NotAList
    return [
        (number, dict(zip(head, row, strict=False)))
        for number, row in enumerate(islice(rows, MOST_ROWS), start=2)
        if any(cell not in (None, "") for cell in row)
    ]


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
        extra=_extra(row),
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
        found = value
    else:
        text = str(value).strip()
        is_packed = _PACKED.fullmatch(text)
        found = (
            datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007  (its zone follows)
            if is_packed
            else datetime.fromisoformat(text)
        )
    return _in_our_time(found if found.tzinfo else found.replace(tzinfo=ZONE))


def _in_our_time(at: datetime) -> datetime | None:
    """Return a date of our time; the first day of year 1 is how some systems write none."""
    if at.year == MINYEAR:
        return None
    if at.year not in _YEARS:
        raise ValueError(str(_("Ngày giờ không đúng: %(at)s.")) % {"at": at.isoformat()})
    return at


def _fee(value: object) -> int | None:
    if not isinstance(value, list):
        return None
    return sum(_dong(each.get("Gia")) for each in value if isinstance(each, dict))


def _dong(value: object) -> int:
    if isinstance(value, list | dict):
        raise ValueError(str(_("Số tiền không đúng.")))  # noqa: TRY004  (a fault of the row)
    return int(value or 0)  # type: ignore[call-overload, no-any-return]


def _extra(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields nobody here knows, as far as a database keeps them as they came."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        name = clean_line(str(key))[:60]
        if not name or name in _KNOWN or value in (None, "") or len(found) >= _MOST_EXTRA:
            continue
        kept = _plain(value)
        if len(json.dumps(kept)) <= _LONGEST_EXTRA:
            found[name] = kept
    return found


def _plain(value: object) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {clean_line(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return clean_text(str(value))
