"""A version of a procedure on screen: one form for each part, rows of boxes for each list.

Every part is written down once, as fields; forms, pages and the way back to plain values are made
from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.forms.steps import area, day_box
from xaso.dossiers.models import StepKind, Sureness, System

Make = Callable[[], forms.Field]
Words = Any  # a sentence of the catalogue, lazy or not
_BLANK = 2  # empty rows under every list


@dataclass(frozen=True)
class Box:
    """One field of a part: its path in the plain values, and how to draw it."""

    name: str
    make: Make
    default: Any = ""


@dataclass(frozen=True)
class Section:
    """One part of a version."""

    name: str
    label: Words
    boxes: tuple[Box, ...]
    is_list: bool = False
    hint: Words = ""


def _text(name: str, label: Words, most: int = 250, hint: Words = "") -> Box:
    return Box(
        name,
        lambda: forms.CharField(label=label, required=False, max_length=most, help_text=hint),
    )


def _long(name: str, label: Words, hint: Words = "") -> Box:
    return Box(
        name,
        lambda: forms.CharField(
            label=label, required=False, max_length=4_000, widget=area(), help_text=hint
        ),
    )


def _lines(name: str, label: Words, hint: Words = "") -> Box:
    said = hint or _("Mỗi dòng một ý.")
    return Box(
        name,
        lambda: forms.CharField(
            label=label, required=False, max_length=8_000, widget=area(4), help_text=said
        ),
        [],
    )


def _number(name: str, label: Words, default: int = 0, hint: Words = "") -> Box:
    return Box(
        name,
        lambda: forms.IntegerField(label=label, required=False, min_value=0, help_text=hint),
        default,
    )


def _tick(name: str, label: Words, *, default: bool = False) -> Box:
    return Box(name, lambda: forms.BooleanField(label=label, required=False), default)


def _pick(name: str, label: Words, choices: Any, default: Any) -> Box:  # noqa: ANN401
    return Box(
        name, lambda: forms.ChoiceField(label=label, choices=choices, required=False), default
    )


def _day(name: str, label: Words) -> Box:
    return Box(name, lambda: forms.DateField(label=label, required=False, widget=day_box()), None)


UNITS = [
    ("TRONG_NGAY_15H", _("trong ngày (quy tắc 15 giờ)")),
    ("GIO", _("giờ làm việc")),
    ("NGAY_LV", _("ngày làm việc")),
    ("NGAY", _("ngày")),
    ("THANG", _("tháng")),
]
_SYSTEMS = list(System.choices)
_VERIFY = [
    ("", _("Không có")), ("extend_by", _("Cộng thêm")), ("replace_by", _("Cả thảy không quá")),
]  # fmt: skip
SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        Section("identity", _("Văn bản và độ chắc chắn"), (
            _text("decision_no", _("Số quyết định công bố"), 60),
            _day("decision_date", _("Ngày quyết định")),
            _text("publisher", _("Cơ quan công bố"), 120),
            _pick("sureness", _("Độ chắc chắn"), Sureness.choices, "unverified"),
            _text("source", _("Nguồn"), 300),
            _long("note", _("Ghi chú cho người soạn")),
        )),
        Section("time", _("Thời hạn"), (
            _pick("unit", _("Tính bằng"), UNITS, "NGAY_LV"),
            _number("n", _("Bao nhiêu"), 1),
            _number("reduction", _("Xã hẹn sớm hơn"), 0, _("Cùng đơn vị tính.")),
            _number("same_day_until", _("Giờ chốt trong ngày, tính bằng phút"), 900,
                    _("900 là 15 giờ.")),
            _pick("verify.kind", _("Khi phải xác minh"), _VERIFY, ""),
            _pick("verify.unit", _("Xác minh tính bằng"), UNITS[1:], "NGAY_LV"),
            _number("verify.n", _("Xác minh bao nhiêu"), 0),
            _text("verify.when", _("Xác minh khi nào")),
            _text("verify.source", _("Căn cứ của thời hạn xác minh")),
            _number("posting.days", _("Niêm yết công khai, ngày làm việc"), 0),
            _text("posting.where", _("Niêm yết ở đâu")),
            _text("posting.warning", _("Không được niêm yết gì")),
            _number("response_hours", _("Trả lời có nhận hay không trong, giờ làm việc"), 8),
            _tick("is_paused_for_payment", _("Dừng đồng hồ khi chờ nộp phí"), default=True),
            _number("duty_days", _("Người dân phải làm trong, ngày"), 0,
                    _("Chỉ để nhắc, không bao giờ là lý do từ chối.")),
            _text("duty_from", _("Kể từ")),
        )),
        Section("components", _("Giấy tờ phải nộp"), (
            _text("code", _("Mã"), 30), _text("name", _("Tên giấy tờ")),
            _number("originals", _("Bản chính"), 1), _number("copies", _("Bản sao"), 0),
            _tick("is_mandatory", _("Bắt buộc"), default=True),
            _text("condition", _("Chỉ khi")),
            _tick("is_digitised", _("Phải quét"), default=True),
            _text("form", _("Mẫu đơn"), 40),
        ), is_list=True),
        Section("steps", _("Các bước xử lý"), (
            _text("code", _("Mã"), 30), _text("name", _("Tên bước")),
            _pick("kind", _("Loại"), StepKind.choices, "tham_dinh"),
            _pick("role", _("Ai làm"), [
                ("one_stop_clerk", _("Cán bộ một cửa")), ("officer", _("Cán bộ chuyên môn")),
                ("leader", _("Lãnh đạo")),
            ], "officer"),
            _number("minutes", _("Phút làm việc"), 0),
            _text("next", _("Dẫn tới mã bước"), 200, _("Nhiều bước thì cách nhau bằng dấu phẩy.")),
        ), is_list=True),
        Section("fees", _("Phí, lệ phí"), (
            _text("code", _("Mã"), 30), _text("name", _("Tên khoản")),
            _pick("kind", _("Loại"), [("phi", _("Phí")), ("le_phi", _("Lệ phí"))], "le_phi"),
            _pick("basis", _("Cách tính"), [
                ("per_case", _("mỗi việc")), ("per_page", _("mỗi trang")),
                ("per_copy", _("mỗi bản")), ("tiered", _("theo bậc")),
            ], "per_case"),
            _number("amount", _("Số tiền, đồng"), 0),
            _text("tiers", _("Bậc"), 200, _("Từ trang: số tiền; ví dụ 1: 2000, 3: 1000")),
            _number("cap", _("Nhiều nhất một bản, đồng"), 0),
            _pick("collect_at", _("Thu lúc"), [
                (1, _("khi nhận")), (2, _("khi bổ sung")), (4, _("khi trả")),
            ], 1),
            _text("document_no", _("Văn bản quy định"), 100),
            _day("valid_from", _("Từ ngày")), _day("valid_to", _("Đến ngày")),
            _tick("is_unverified", _("Chưa đối chiếu")),
        ), is_list=True),
        Section("exemptions", _("Miễn, giảm"), (
            _text("code", _("Mã"), 30), _text("group", _("Nhóm người")),
            _number("percent", _("Giảm phần trăm"), 100),
            _number("amount", _("Hoặc giảm, đồng"), 0),
            _text("law", _("Căn cứ")), _text("evidence", _("Giấy tờ chứng minh")),
            _day("valid_from", _("Từ ngày")), _day("valid_to", _("Đến ngày")),
        ), is_list=True, hint=_("Nhiều mức cùng đúng thì lấy mức có lợi nhất cho người dân.")),
        Section("form", _("Câu hỏi trong tờ khai"), (
            _text("code", _("Mã"), 30), _text("label", _("Câu hỏi")),
            _pick("kind", _("Kiểu trả lời"), [
                ("text", _("một dòng")), ("long", _("nhiều dòng")), ("date", _("ngày")),
                ("number", _("số")), ("choice", _("chọn")), ("yes", _("có, không")),
            ], "text"),
            _tick("is_mandatory", _("Bắt buộc")),
            _text("hint", _("Gợi ý")), _text("prefill", _("Điền sẵn từ"), 60),
        ), is_list=True),
        Section("result", _("Kết quả"), (
            _text("name", _("Tên kết quả")), _text("type", _("Loại"), 60),
            _text("template", _("Mẫu in"), 60), _text("register", _("Sổ"), 40),
            _tick("is_electronic", _("Có bản điện tử"), default=True),
            _tick("is_paper", _("Có bản giấy"), default=True),
            _number("validity_months", _("Giá trị trong, tháng"), 0, _("0 là không thời hạn.")),
        )),
        Section("channels", _("Cách nộp"), (
            _tick("direct", _("Tại quầy"), default=True), _tick("online", _("Trực tuyến")),
            _tick("postal", _("Bưu chính")),
            _pick("online_level", _("Mức trực tuyến"), [
                ("none", _("Chưa có")), ("partial", _("Một phần")), ("full", _("Toàn trình")),
            ], "none"),
            _text("partial_reason", _("Vì sao chỉ một phần")),
            _number("proactive_level", _("Mức chủ động phục vụ, 0 đến 4"), 0),
        )),
        Section("systems", _("Hệ thống gốc ở từng khâu"), (
            _pick("submit", _("Nộp hồ sơ"), _SYSTEMS, "DVCQG"),
            _pick("receive", _("Tiếp nhận"), _SYSTEMS, "PROVINCE"),
            _pick("process", _("Xử lý"), _SYSTEMS, "PROVINCE"),
            _pick("sign", _("Ký"), _SYSTEMS, "PROVINCE"),
            _pick("return", _("Trả kết quả"), _SYSTEMS, "PROVINCE"),
            _pick("archive", _("Lưu trữ"), _SYSTEMS, "PROVINCE"),
            _text("authorisation", _("Văn bản cho phép Xã Số là hệ thống gốc"), 200),
        )),
        Section("text", _("Lời cho bà con"), (
            _long("who", _("Ai làm được")), _long("where", _("Làm ở đâu")),
            _lines("how", _("Làm thế nào")), _lines("legal_basis", _("Căn cứ pháp lý")),
        )),
    )
}  # fmt: skip


def section_form(section: Section) -> type[forms.Form]:
    """Return the form of one part, or of one row of a list."""
    boxes = {_field(box): box.make() for box in section.boxes}
    return type("SectionForm", (forms.Form,), boxes)


def formset(section: Section) -> "type[forms.BaseFormSet[forms.Form]]":
    """Return the rows of a list: those there are, and two empty ones."""
    return forms.formset_factory(
        section_form(section), extra=_BLANK, can_delete=True, max_num=60, validate_max=True
    )


def to_boxes(section: Section, plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain values as the boxes show them."""
    return {_field(box): _shown(box, _at(plain, box)) for box in section.boxes}


def to_plain(section: Section, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed as plain values; empty ones are left out."""
    plain: dict[str, Any] = {}
    for box in section.boxes:
        value = _typed(box, said.get(_field(box)))
        if value is None or value in ("", []):
            continue
        place = plain
        *above, last = box.name.split(".")
        for name in above:
            place = place.setdefault(name, {})
        place[last] = value
    return _without_empty_parts(plain)


def _without_empty_parts(plain: dict[str, Any]) -> dict[str, Any]:
    """Drop a verification without a kind and a posting without days."""
    if not plain.get("verify", {}).get("kind"):
        plain.pop("verify", None)
    else:
        plain["verify"] = {"unit": "NGAY_LV", "n": 0} | plain["verify"]
    if not plain.get("posting", {}).get("days"):
        plain.pop("posting", None)
    return plain


def _field(box: Box) -> str:
    return box.name.replace(".", "__").replace("return", "return_")


def _at(plain: Mapping[str, Any], box: Box) -> Any:  # noqa: ANN401  (JSON)
    found: Any = plain
    for name in box.name.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return box.default if found is None else found


def _shown(box: Box, value: Any) -> Any:  # noqa: ANN401
    if box.name == "tiers" and isinstance(value, list):
        return ", ".join(f"{tier['since']}: {tier['amount']}" for tier in value)
    if isinstance(value, list):
        return (", " if box.name == "next" else "\n").join(map(str, value))
    return value


def _typed(box: Box, value: Any) -> Any:  # noqa: ANN401, PLR0911
    if box.name == "tiers":
        return _tiers(str(value or ""))
    if box.name == "next":
        return [part.strip() for part in str(value or "").split(",") if part.strip()]
    if isinstance(box.default, list):
        return [row.strip() for row in str(value or "").splitlines() if row.strip()]
    if isinstance(box.default, bool):
        return bool(value)
    if isinstance(box.default, int):
        return box.default if value in (None, "") else int(value)
    if box.default is None:
        return value.isoformat() if value else None
    return str(value or "").strip() or box.default


def _tiers(text: str) -> list[dict[str, int]]:
    """Return tiers typed as `1: 2000, 3: 1000`; what cannot be read is left out."""
    found = []
    for part in text.split(","):
        since, _colon, amount = part.partition(":")
        if since.strip().isdecimal() and amount.strip().isdecimal():
            found.append({"since": int(since), "amount": int(amount)})
    return found
