"""The rules shipped with the program: what a commune starts with, each with source and sureness.

Names are marked here and translated where they are shown. What could not be read in the law itself
says so, and the administrator sees the mark beside the value.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from xaso.reports.models.rules import Sureness

_LAW_2018 = "Luật Tố cáo 2018"
_DECREE = "Nghị định 20/2008/NĐ-CP, sửa đổi bởi 92/2017/NĐ-CP; hiệu lực sau năm 2025 chưa rõ"
_FORMULA = "Ghi chú công thức 5.2 của Quyết định 766/QĐ-TTg; " + _DECREE
_COMPLAINT = "Luật Khiếu nại (VBHN 03/VBHN-VPQH năm 2021)"
_ARCHIVE = "Chưa đối chiếu với quy định lưu trữ của tỉnh"
_OWN = "Cách làm của phần mềm, xã sửa được"

UNITS = {
    "working_day": _("ngày làm việc"),
    "day": _("ngày"),
    "month": _("tháng"),
    "year": _("năm"),
    "minute": _("phút, kể cả ngoài giờ"),
    "times": _("lần"),
    "times_hour": _("lần mỗi giờ"),
    "times_day": _("lần mỗi ngày"),
    "devices": _("máy"),
    "addresses": _("nơi vào mạng"),
    "metre": _("mét"),
    "words": _("lời, mỗi dòng một mục"),
    "publicity": _("công khai đến đâu"),
    "unit": _("mã đơn vị; để trống: chỉ lãnh đạo"),
    "phone": _("số điện thoại"),
}
PUBLICITY = {
    "moderated": _("Lời và ảnh đăng sau khi duyệt"),
    "text_only": _("Chỉ đăng lời sau khi duyệt, không bao giờ đăng tên"),
    "never": _("Không bao giờ công khai"),
    "warning": _("Loại nguy hiểm và bản, sau khi cán bộ xác nhận"),
}


@dataclass(frozen=True)
class Known:
    """One rule: where it belongs, how it is read, what it is without a row."""

    key: str
    group: str
    name: str
    unit: str
    amount: int | None
    text: str
    sureness: str
    source: str


GROUPS = {
    "field": _("Phản ánh hiện trường"),
    "regulation": _("Phản ánh, kiến nghị về quy định hành chính"),
    "complaint": _("Khiếu nại"),
    "denunciation": _("Tố cáo"),
    "security_tip": _("Tin báo an ninh, trật tự"),
    "hazard": _("Báo nguy hiểm"),
    "look": _("Duyệt trước khi đăng"),
    "throttle": _("Gửi bao nhiêu thì phải chờ"),
    "hint": _("Lời gợi ý cho cán bộ"),
    "phone": _("Số điện thoại khẩn"),
    "privacy": _("Quyền của người gửi"),
    "retain": _("Giữ bao lâu rồi xóa"),
}


def _number(  # noqa: PLR0913, PLR0917  (one row of a table)
    key: str, name: str, amount: int, unit: str, sureness: str, source: str = _OWN
) -> Known:
    return Known(key, key.partition(".")[0], name, unit, amount, "", sureness, source)


def _words(  # noqa: PLR0913, PLR0917  (one row of a table)
    key: str, name: str, text: str, unit: str, sureness: str, source: str = _OWN
) -> Known:
    return Known(key, key.partition(".")[0], name, unit, None, text, sureness, source)


_S = Sureness
_PUBLIC, _WHO = _("Có công khai không"), _("Đơn vị được đọc, ngoài lãnh đạo")
_ROWS = (
    _words("field.publicity", _PUBLIC, "moderated", "publicity", _S.DESIGN),
    _words("regulation.publicity", _PUBLIC, "text_only", "publicity", _S.SOURCE, _DECREE),
    _number("regulation.answer", _("Trả lời trong"), 15, "working_day", _S.SOURCE, _FORMULA),
    _number("regulation.ask", _("Yêu cầu bổ sung trong"), 5, "working_day", _S.SOURCE, _FORMULA),
    _number(
        "regulation.refuse",
        _("Từ chối hoặc chuyển đi trong"),
        2,
        "working_day",
        _S.SOURCE,
        _FORMULA,
    ),
    _number("regulation.publish", _("Đăng công khai trong"), 2, "working_day", _S.SOURCE, _FORMULA),
    _words("complaint.publicity", _PUBLIC, "never", "publicity", _S.SOURCE, _COMPLAINT),
    _words("complaint.readers", _WHO, "", "unit", _S.DESIGN),
    _number("complaint.accept", _("Thụ lý trong"), 10, "day", _S.UNVERIFIED, _COMPLAINT),
    _number("complaint.decide", _("Giải quyết lần đầu"), 30, "day", _S.UNVERIFIED, _COMPLAINT),
    _number("complaint.decide_complex", _("Vụ phức tạp"), 45, "day", _S.UNVERIFIED, _COMPLAINT),
    _number(
        "complaint.decide_remote",
        _("Vùng sâu, vùng xa, đi lại khó khăn"),
        45,
        "day",
        _S.UNVERIFIED,
        _COMPLAINT,
    ),
    _number(
        "complaint.decide_remote_complex",
        _("Vùng sâu, vùng xa, vụ phức tạp"),
        60,
        "day",
        _S.UNVERIFIED,
        _COMPLAINT,
    ),
    _words("denunciation.publicity", _PUBLIC, "never", "publicity", _S.SOURCE, _LAW_2018),
    _words("denunciation.readers", _WHO, "", "unit", _S.DESIGN),
    _number(
        "denunciation.accept",
        _("Kiểm tra điều kiện thụ lý"),
        7,
        "working_day",
        _S.UNVERIFIED,
        _LAW_2018,
    ),
    _number(
        "denunciation.decide", _("Giải quyết kể từ ngày thụ lý"), 30, "day", _S.SOURCE, _LAW_2018
    ),
    _number("denunciation.extend", _("Mỗi lần gia hạn"), 30, "day", _S.SOURCE, _LAW_2018),
    _words("security_tip.publicity", _PUBLIC, "never", "publicity", _S.DESIGN),
    _words("security_tip.readers", _WHO, "cong-an", "unit", _S.DESIGN),
    _number("security_tip.take", _("Công an nhận trong"), 30, "minute", _S.DESIGN),
    _words("hazard.publicity", _PUBLIC, "warning", "publicity", _S.DESIGN),
    _number(
        "hazard.call_again", _("Chưa ai nhận thì gọi người kế tiếp sau"), 5, "minute", _S.DESIGN
    ),
    _number("hazard.devices", _("Số máy khác nhau đủ để cảnh báo"), 3, "devices", _S.DESIGN),
    _number(
        "hazard.addresses",
        _("Từ ít nhất bấy nhiêu nơi vào mạng, vì một người mở được nhiều máy"),
        2,
        "addresses",
        _S.DESIGN,
    ),
    _number("hazard.near", _("Các máy cách nhau không quá"), 1_000, "metre", _S.DESIGN),
    _number("hazard.within", _("Trong khoảng"), 60, "minute", _S.DESIGN),
    _number(
        "hazard.false_alarms",
        _("Một máy báo nhầm đủ số này thì gọi lại người gửi trước"),
        3,
        "times",
        _S.DESIGN,
    ),
    _number("hazard.false_days", _("Đếm báo nhầm trong"), 30, "day", _S.DESIGN),
    _number(
        "hazard.call_back",
        _("Chưa gọi lại được thì vẫn gọi mọi người sau"),
        15,
        "minute",
        _S.DESIGN,
    ),
    _number(
        "hazard.group_after",
        _("Một máy báo quá số này mỗi giờ thì gộp chuông"),
        5,
        "times",
        _S.DESIGN,
    ),
    _words(
        "hint.denunciation",
        _("Có thể là tố cáo nếu có lời"),
        "tố cáo\nhối lộ\ntham nhũng\năn chặn\nbảo kê\nđánh người\ntống tiền\nvòi tiền\nnhận tiền",
        "words",
        _S.DESIGN,
    ),
    _number("look.target", _("Duyệt xong trong"), 1, "working_day", _S.DESIGN),
    _words(
        "look.insults",
        _("Lời xúc phạm, máy gợi ý che"),
        "đồ chó\nđồ ngu\nđồ khốn\nđồ đểu\nthằng ngu\nthằng khốn\nmất dạy\nvô học\nkhốn nạn",
        "words",
        _S.DESIGN,
    ),
    _number("throttle.device_hour", _("Một máy gửi"), 10, "times_hour", _S.DESIGN),
    _number("throttle.device_day", _("Một máy gửi"), 30, "times_day", _S.DESIGN),
    _number("throttle.phone_hour", _("Một số đã xác minh gửi"), 10, "times_hour", _S.DESIGN),
    _number("throttle.phone_day", _("Một số đã xác minh gửi"), 40, "times_day", _S.DESIGN),
    _number("throttle.staff_day", _("Một người giúp, cán bộ gửi"), 300, "times_day", _S.DESIGN),
    _number(
        "throttle.unknown_hour",
        _("Máy không nhận ra, mỗi địa chỉ; quá thì chờ xem"),
        3,
        "times_hour",
        _S.DESIGN,
    ),
    _number(
        "throttle.shared_hour",
        _("Mọi máy chung một địa chỉ; quá thì chờ xem"),
        200,
        "times_hour",
        _S.DESIGN,
    ),
    _number(
        "throttle.address_hour",
        _("Mọi máy chung một địa chỉ; quá thì dừng"),
        1_200,
        "times_hour",
        _S.DESIGN,
    ),
    _words("phone.duty", _("Trực ban xã; để trống: số của xã"), "", "phone", _S.COMMUNE),
    _words("phone.rescue", _("Cứu nạn"), "112", "phone", _S.UNVERIFIED, "Chưa thử gọi tại địa bàn"),
    _words("phone.police", _("Công an"), "113", "phone", _S.UNVERIFIED, "Chưa thử gọi tại địa bàn"),
    _words("phone.fire", _("Cứu hỏa"), "114", "phone", _S.UNVERIFIED, "Chưa thử gọi tại địa bàn"),
    _words(
        "phone.ambulance", _("Cấp cứu"), "115", "phone", _S.UNVERIFIED, "Chưa thử gọi tại địa bàn"
    ),
    _words(
        "phone.reception", _("Bộ phận tiếp công dân; để trống: số của xã"), "", "phone", _S.COMMUNE
    ),
    _number(
        "privacy.answer",
        _("Trả lời đề nghị sửa, xóa trong"),
        2,
        "working_day",
        _S.SOURCE,
        "Luật Bảo vệ dữ liệu cá nhân, Nghị định 356/2025/NĐ-CP",
    ),
    _number(
        "privacy.warn",
        _("Nhắc lãnh đạo trước hạn trả lời đề nghị"),
        1,
        "working_day",
        _S.DESIGN,
    ),
    _number(
        "privacy.stop",
        _("Ngừng dùng dữ liệu sau khi rút đồng ý"),
        15,
        "day",
        _S.SOURCE,
        "Luật Bảo vệ dữ liệu cá nhân, Nghị định 356/2025/NĐ-CP",
    ),
    _number(
        "privacy.seen_again",
        _("Cùng một người mở lại trong khoảng này thì ghi một lần"),
        30,
        "minute",
        _S.DESIGN,
    ),
    _number("privacy.code", _("Mã xác nhận số điện thoại dùng trong"), 30, "minute", _S.DESIGN),
    _number("retain.device", _("Dấu máy và địa chỉ mạng"), 7, "day", _S.DESIGN),
    _number("retain.position", _("Vị trí máy ảnh ghi trong ảnh"), 30, "day", _S.DESIGN),
    _number("retain.orphan", _("Tệp không còn đơn nào dùng"), 7, "day", _S.DESIGN),
    _number("retain.message", _("Lời và địa chỉ của tin đã gửi"), 90, "day", _S.DESIGN),
    _number("retain.voice", _("Tiếng nói sau khi đóng"), 12, "month", _S.UNVERIFIED, _ARCHIVE),
    _number(
        "retain.consent",
        _("Giấy, tiếng nói đồng ý nhờ gửi hộ, sau khi đóng"),
        12,
        "month",
        _S.UNVERIFIED,
        _ARCHIVE,
    ),
    _number(
        "retain.sheet",
        _("Ảnh chụp tờ phiếu giấy, sau khi nhập xong"),
        12,
        "month",
        _S.UNVERIFIED,
        _ARCHIVE,
    ),
    _number(
        "retain.partner",
        _("Phần hệ thống khác gửi kèm, sau khi đóng"),
        12,
        "month",
        _S.UNVERIFIED,
        _ARCHIVE,
    ),
    _number(
        "retain.contact", _("Tên, số điện thoại sau khi đóng"), 12, "month", _S.UNVERIFIED, _ARCHIVE
    ),
    _number("retain.spam", _("Đơn đã rút, tin rác"), 12, "month", _S.UNVERIFIED, _ARCHIVE),
    _number(
        "retain.closed", _("Lời, ảnh, chỗ của việc đã đóng"), 5, "year", _S.UNVERIFIED, _ARCHIVE
    ),
    _number(
        "retain.sealed",
        _("Đơn giữ kín đã chuyển hồ sơ giấy"),
        1,
        "month",
        _S.UNVERIFIED,
        "Theo quy định của hồ sơ khiếu nại, tố cáo",
    ),
)
KNOWN: dict[str, Known] = {row.key: row for row in _ROWS}
