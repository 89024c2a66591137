"""Numbers of the register that a commune may change: dated, each with its source.

Shipped values say how sure they are; a row of `Rule` from a day on comes before them.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as _

from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population import scoring, sounding
from xaso.population.models import Rule, SpellingClass, Sureness

_DECREE = "Nghị định 356/2025/NĐ-CP, theo tài liệu dẫn lại"
_RESIDENCE = "Luật Cư trú 68/2020/QH14"
_OWN = "Cách làm của phần mềm, xã sửa được"
YES = _("có hoặc không")  # the unit of a number that is 1 or 0


@dataclass(frozen=True)
class Known:
    """One number: what it is called, its unit, its value without a row, where from."""

    key: str
    name: str
    unit: str
    amount: int
    sureness: str
    source: str


_ROWS = (
    Known("task.head_days", _("Hộ chưa có chủ hộ: bản trả lời trong"), _("ngày"), 15,
          Sureness.DESIGN, _OWN),
    Known("task.unknown_days", _("Không rõ nơi ở: bản xác minh trong"), _("ngày"), 30,
          Sureness.DESIGN, _OWN),
    Known("residence.temporary_years", _("Tạm trú mỗi lần nhiều nhất"), _("năm"), 2,
          Sureness.LAW, _RESIDENCE + ", Điều 27"),
    Known("residence.renew_days", _("Xin gia hạn tạm trú trước khi hết hạn"), _("ngày"), 15,
          Sureness.LAW, _RESIDENCE + ", Điều 28 khoản 3"),
    Known("residence.remind_days", _("Nhắc tạm trú sắp hết hạn trước"), _("ngày"), 30,
          Sureness.DESIGN, _OWN),
    Known("residence.absent_months", _("Vắng bao lâu thì vào danh sách cần xác minh"), _("tháng"),
          12, Sureness.LAW, _RESIDENCE + ", Điều 24 khoản 1 điểm d"),
    Known("rights.answer_days", _("Trả lời yêu cầu của người dân trong"), _("ngày làm việc"), 2,
          Sureness.SOURCE, _DECREE),
    Known("rights.stop_days", _("Ngừng dùng dữ liệu trong"), _("ngày"), 15,
          Sureness.SOURCE, _DECREE),
    Known("rights.stop_days_third", _("Ngừng dùng dữ liệu khi có bên thứ ba trong"), _("ngày"), 20,
          Sureness.SOURCE, _DECREE),
    Known("rights.extend_days", _("Gia hạn một lần, thêm nhiều nhất"), _("ngày"), 15,
          Sureness.SOURCE, _DECREE),
    Known("rights.breach_hours", _("Báo khi lộ dữ liệu trong"), _("giờ"), 72,
          Sureness.UNVERIFIED, _DECREE),
    Known("rights.key_days", _("Mã xem hồ sơ của tôi dùng được trong"), _("ngày"), 30,
          Sureness.DESIGN, _OWN),
    Known("figures.least", _("Số nhỏ hơn mức này thì che"), _("người"), 5,
          Sureness.DESIGN, _OWN),
    Known("figures.least_total", _("Bản ít người hơn mức này chỉ nêu tổng"), _("người"), 20,
          Sureness.DESIGN, _OWN),
    Known("rights.warn_hours", _("Nhắc cán bộ trước hạn trả lời yêu cầu"), _("giờ"), 24,
          Sureness.DESIGN, _OWN),
    Known("rights.warn_days", _("Nhắc cán bộ trước hạn làm xong yêu cầu"), _("ngày"), 3,
          Sureness.DESIGN, _OWN),
    Known("looks.names", _("Bà con thấy tên cán bộ đã xem (0: chỉ thấy đơn vị, chức vụ)"),
          YES, 1, Sureness.DESIGN, _OWN),
    Known("export.per_hour", _("Một tài khoản xuất danh sách, bản dữ liệu mỗi giờ nhiều nhất"),
          _("lần"), 5, Sureness.DESIGN, _OWN),
    Known("watch.persons", _("Một tài khoản xem quá bao nhiêu người trong một giờ thì báo"),
          _("người"), 50, Sureness.DESIGN, _OWN),
    Known("watch.night_from", _("Ban đêm bắt đầu từ"), _("giờ"), 22, Sureness.DESIGN, _OWN),
    Known("watch.night_until", _("Ban đêm hết lúc"), _("giờ"), 5, Sureness.DESIGN, _OWN),
    Known("watch.family", _("Báo khi xem hồ sơ của mình, người nhà, đồng nghiệp không kèm hồ sơ"),
          YES, 1, Sureness.DESIGN, _OWN),
)  # fmt: skip
_POINTS = {
    "national_id": _("Cùng số định danh"),
    "birth_cert": _("Cùng số giấy khai sinh"),
    "name": _("Cùng tên"),
    "sound": _("Tên đọc giống nhau"),
    "alike": _("Tên viết gần giống"),
    "birth_day": _("Cùng ngày sinh"),
    "birth_year": _("Năm sinh khớp nhau"),
    "year_near": _("Năm sinh lệch một năm"),
    "year_far": _("Năm sinh lệch nhiều"),
    "household": _("Cùng hộ"),
    "village": _("Cùng bản"),
    "kin": _("Cùng bố, mẹ hoặc vợ, chồng"),
    "sex": _("Khác giới tính"),
    "other_id": _("Hai số định danh khác nhau, đều đã xác minh"),
    "sure": _("Từ bao nhiêu điểm thì gần như chắc là một người"),
    "possible": _("Từ bao nhiêu điểm thì hỏi cán bộ ngay"),
    "nightly": _("Từ bao nhiêu điểm thì chỉ vào danh sách ban đêm"),
}
_POINT = "points."
_SCORES = tuple(
    Known(f"{_POINT}{name}", _POINTS[name], _("điểm"), points, Sureness.DESIGN, _OWN)
    for name, points in scoring.SHIPPED.items()
)
KNOWN = {row.key: row for row in (*_ROWS, *_SCORES)}
GROUPS = {
    "residence": _("Cư trú"),
    "task": _("Việc giao cho bản"),
    "rights": _("Quyền về dữ liệu"),
    "looks": _("Ai đã xem"),
    "watch": _("Lượt xem bất thường"),
    "export": _("Xuất dữ liệu"),
    "figures": _("Số liệu công khai"),
    "points": _("Điểm giống nhau của hai hồ sơ"),
}


def amount(commune: UUID, key: str, day: date | None = None) -> int:
    """Return a number as it holds on a day, by default today; KeyError for one nobody knows."""
    known = KNOWN[key]
    on = day or dates.local(clock.now()).date()
    row = Rule.objects.filter(commune=commune, key=key, valid_from__lte=on)
    found = row.order_by("-valid_from").values_list("amount", flat=True).first()
    return known.amount if found is None else found


def points(commune: UUID) -> scoring.Points:
    """Return the points by which likeness of two records is reckoned today, in one statement."""
    today = dates.local(clock.now()).date()
    rows = Rule.objects.filter(commune=commune, key__startswith=_POINT, valid_from__lte=today)
    own = rows.order_by("valid_from").values_list("key", "amount")
    return scoring.SHIPPED | {key.removeprefix(_POINT): n for key, n in own}


def classes(commune: UUID) -> sounding.Classes:
    """Return the commune's own classes of spelling, or those the program brings."""
    rows = SpellingClass.objects.filter(commune=commune).order_by("place")
    return tuple(rows.values_list("beginning", "instead", "is_before_vowel")) or sounding.SHIPPED


@dataclass(frozen=True)
class Held:
    """A number as it holds on a day, with what backs it; `since` is None for a shipped value."""

    known: Known
    amount: int
    sureness: str
    source: str
    since: date | None = None


def as_held(known: Known, row: Rule) -> Held:
    """Return one dated row of a number."""
    return Held(known, row.amount, row.sureness, row.source, row.valid_from)


def held(commune: UUID) -> dict[str, Held]:
    """Return every number as it holds today, in one statement."""
    found = {key: Held(k, k.amount, k.sureness, k.source) for key, k in KNOWN.items()}
    today = dates.local(clock.now()).date()
    rows = Rule.objects.filter(commune=commune, valid_from__lte=today).order_by("valid_from")
    found |= {row.key: as_held(KNOWN[row.key], row) for row in rows if row.key in KNOWN}
    return found
