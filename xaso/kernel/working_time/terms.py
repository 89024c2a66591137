"""Terms set by law, as dated data that says how sure it is.

`sureness` is "law" (read in the primary text), "source" (a secondary source) or "unverified".
Amounts a commune may choose itself live in the rooms, not here.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xaso.kernel.working_time.engine import Unit


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take, from which day on, and who says so."""

    code: str
    name: str | Promise
    unit: Unit
    n: int
    legal_basis: str
    sureness: str
    valid_from: date
    valid_to: date | None = None  # the first day it no longer holds


_ALWAYS = date(2016, 1, 1)
_INDICATORS = "Bộ chỉ số 766, cách tính nhóm 5.2"
_CIVIL_STATUS = "Luật Hộ tịch 60/2014/QH13"
_NEW_LAW = date(2027, 3, 1)  # Luật Hộ tịch 03/2026/QH16 takes over
TERMS = (
    Term("petition", _("Trả lời phản ánh, kiến nghị"), Unit.WORKING_DAYS, 15, _INDICATORS,
         "source", _ALWAYS),
    Term("petition_more", _("Hỏi thêm thông tin"), Unit.WORKING_DAYS, 5, _INDICATORS,
         "source", _ALWAYS),
    Term("petition_refuse", _("Từ chối hoặc chuyển nơi khác"), Unit.WORKING_DAYS, 2, _INDICATORS,
         "source", _ALWAYS),
    Term("petition_publish", _("Công khai câu trả lời"), Unit.WORKING_DAYS, 2, _INDICATORS,
         "source", _ALWAYS),
    Term("online_response", _("Trả lời hồ sơ gửi trực tuyến"), Unit.HOURS, 8, "", "unverified",
         _ALWAYS),
    Term("downtime_notice", _("Báo trước khi tạm dừng dịch vụ"), Unit.WORKING_DAYS, 7,
         "NĐ 224/2026/NĐ-CP, điều 13.1.a", "law", date(2026, 7, 1)),
    Term("birth", _("Đăng ký khai sinh"), Unit.DAYS, 60, f"{_CIVIL_STATUS}, điều 15.1", "law",
         _ALWAYS, _NEW_LAW),
    Term("death", _("Đăng ký khai tử"), Unit.DAYS, 15, f"{_CIVIL_STATUS}, điều 33.1", "law",
         _ALWAYS, _NEW_LAW),
    Term("civil_status_same_day", _("Hộ tịch giải quyết trong ngày"), Unit.SAME_DAY, 0,
         f"{_CIVIL_STATUS}, điều 5.3", "law", _ALWAYS, _NEW_LAW),
    Term("certification_same_day", _("Chứng thực trong ngày"), Unit.SAME_DAY, 0,
         "NĐ 23/2015/NĐ-CP, điều 7", "law", _ALWAYS),
)  # fmt: skip

_SPOKEN = re.compile(r"(?P<n>[0-9]{1,4})\s*(?P<unit>[^0-9]+)")
_UNITS = {
    "h": Unit.HOURS,
    "giờ": Unit.HOURS,
    "gio": Unit.HOURS,
    "wd": Unit.WORKING_DAYS,
    "ngày làm việc": Unit.WORKING_DAYS,
    "ngay lam viec": Unit.WORKING_DAYS,
    "d": Unit.DAYS,
    "ngày": Unit.DAYS,
    "ngay": Unit.DAYS,
    "m": Unit.MONTHS,
    "tháng": Unit.MONTHS,
    "thang": Unit.MONTHS,
}
_SAME_DAY = {"trong ngày", "trong ngay", "same-day"}


def term(code: str, day: date) -> Term:
    """Return the term that holds on a day; raises LookupError when none does."""
    for each in TERMS:
        if each.code == code and each.valid_from <= day < (each.valid_to or date.max):
            return each
    message = f"no term {code!r} on {day}"
    raise LookupError(message)


def parse(text: str) -> tuple[Unit, int]:
    """Return what a typed term means: `40h`, `5wd`, `30d`, `1m`, `trong ngày`.

    Raises ValueError for anything else.
    """
    said = " ".join(text.casefold().split())
    if said in _SAME_DAY:
        return Unit.SAME_DAY, 0
    found = _SPOKEN.fullmatch(said)
    unit = _UNITS.get(found["unit"]) if found else None
    if found is None or unit is None or int(found["n"]) < 1:
        raise ValueError(text)
    return unit, int(found["n"])
