"""Numbers of the register that a commune may change: dated, each with its source.

Shipped values say how sure they are; a row of `Rule` from a day on comes before them.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as _

from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population.models import Rule, Sureness

_DECREE = "Nghị định 356/2025/NĐ-CP, theo tài liệu dẫn lại"
_RESIDENCE = "Luật Cư trú 68/2020/QH14"
_OWN = "Cách làm của phần mềm, xã sửa được"


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
    Known("watch.persons", _("Một tài khoản xem quá bao nhiêu người trong một giờ thì báo"),
          _("người"), 50, Sureness.DESIGN, _OWN),
)  # fmt: skip
KNOWN = {row.key: row for row in _ROWS}


def amount(commune: UUID, key: str, day: date | None = None) -> int:
    """Return a number as it holds on a day, by default today; KeyError for one nobody knows."""
    known = KNOWN[key]
    on = day or dates.local(clock.now()).date()
    row = Rule.objects.filter(commune=commune, key=key, valid_from__lte=on)
    found = row.order_by("-valid_from").values_list("amount", flat=True).first()
    return known.amount if found is None else found
