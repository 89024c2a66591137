"""What an administrator types about a kind of matter, its terms and its questions."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import Unit
from xaso.kernel.text import clean_line, dates, fold
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.actions import KindGiven, QuestionGiven, TermGiven
from xaso.reports.models import Category, CategoryQuestion, CategoryTerm, Stream
from xaso.reports.models.words import Sensitivity

_OPEN = (Stream.FIELD, Stream.REGULATION, Stream.HAZARD)  # sealed streams are chosen per report


def _day(label: Any, **options: Any) -> forms.DateField:  # noqa: ANN401
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class KindForm(forms.Form):
    """A kind of matter."""

    name = forms.CharField(label=_("Tên loại việc"), max_length=80)
    group = forms.ChoiceField(label=_("Nhóm"))
    also_in = forms.MultipleChoiceField(
        label=_("Cũng tìm thấy ở nhóm"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hint = forms.CharField(label=_("Ví dụ cho bà con dễ hiểu"), max_length=160, required=False)
    keywords = forms.CharField(
        label=_("Từ khác bà con hay dùng"),
        help_text=_("Cách nhau bằng dấu phẩy. Ví dụ: sạt lở, cây đổ"),
        max_length=200,
        required=False,
    )
    unit = forms.TypedChoiceField(
        label=_("Đơn vị thường làm"), coerce=int, required=False, empty_value=None
    )
    stream = forms.ChoiceField(label=_("Xử lý theo"), choices=[(s.value, s.label) for s in _OPEN])
    pin = forms.ChoiceField(label=_("Hỏi chỗ"), choices=Category.Pin.choices)
    sensitivity = forms.ChoiceField(
        label=_("Mọi người thấy chỗ đến đâu"), choices=Sensitivity.choices
    )
    is_publishable = forms.BooleanField(label=_("Được đăng công khai"), required=False)
    is_after_photo_required = forms.BooleanField(
        label=_("Trả lời cần ảnh sau khi làm"), required=False
    )
    is_approval_required = forms.BooleanField(
        label=_("Trả lời cần trưởng đơn vị duyệt"), required=False
    )
    is_active = forms.BooleanField(label=_("Đang nhận"), required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        kinds: catalogue.Categories,
        units: list[Unit],
        **options: Any,  # noqa: ANN401
    ) -> None:
        """Take the groups and units to choose from."""
        super().__init__(*args, **options)
        groups = [k for k in kinds.by_id.values() if k.parent_id is None and not k.terms]
        for name in ("group", "also_in"):
            self.fields[name].choices = [(k.code, k.name) for k in groups]  # type: ignore[attr-defined]
        named = [("", _("Chưa chọn")), *((u.pk, u.name) for u in units)]
        self.fields["unit"].choices = named  # type: ignore[attr-defined]

    def given(self) -> KindGiven:
        """Return what was typed."""
        said = dict(self.cleaned_data)
        return KindGiven(unit_id=said.pop("unit"), **{k: said[k] for k in said if k != "code"})


class NewKindForm(KindForm):
    """A new kind of matter needs a code that never changes."""

    code = forms.CharField(
        label=_("Mã"),
        help_text=_("Chữ in không dấu, dùng mãi. Ví dụ: CAY-DO"),
        max_length=40,
    )
    field_order = ["name", "code"]

    def clean_code(self) -> str:
        """Take small letters and accents for what they mean."""
        return "-".join(fold(self.cleaned_data["code"]).split()).upper()


class TermForm(forms.Form):
    """How long a kind may take, from a day on."""

    valid_from = _day(_("Có hiệu lực từ ngày"))
    ack_minutes = forms.IntegerField(
        label=_("Tiếp nhận trong (phút làm việc)"), min_value=1, max_value=100_000
    )
    resolve_amount = forms.IntegerField(label=_("Trả lời trong"), min_value=1, max_value=10_000)
    resolve_unit = forms.ChoiceField(label=_("Tính bằng"), choices=CategoryTerm.Unit.choices)
    reopen_amount = forms.IntegerField(
        label=_("Khi mở lại"),
        help_text=_("Để trống: một nửa thời hạn trên."),
        min_value=1,
        max_value=10_000,
        required=False,
    )
    source = forms.ChoiceField(label=_("Căn cứ"), choices=CategoryTerm.Source.choices)
    note = forms.CharField(label=_("Số văn bản, ghi chú"), max_length=200, required=False)

    def given(self) -> TermGiven:
        """Return what was typed."""
        return TermGiven(**self.cleaned_data)


class QuestionForm(forms.Form):
    """A question of a kind."""

    text = forms.CharField(label=_("Câu hỏi"), max_length=300, help_text=_("Ngắn, dễ trả lời."))
    code = forms.CharField(
        label=_("Mã"), max_length=40, help_text=_("Chữ không dấu. Ví dụ: SO-COT")
    )
    datatype = forms.ChoiceField(label=_("Trả lời bằng"), choices=CategoryQuestion.Datatype.choices)
    choices = forms.CharField(
        label=_("Các ý để chọn"),
        help_text=_("Mỗi dòng một ý. Muốn giữ mã cũ: mã = chữ, ví dụ motorbike = Xe máy"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    hint = forms.CharField(label=_("Gợi ý nhỏ"), max_length=200, required=False)
    order = forms.IntegerField(label=_("Thứ tự"), min_value=1, max_value=99)
    is_asked = forms.BooleanField(
        label=_("Cần trả lời"), help_text=_("Bỏ dấu: chỉ là lời nhắc."), required=False
    )
    is_required = forms.BooleanField(label=_("Bắt buộc trả lời"), required=False)
    is_public = forms.BooleanField(label=_("Mọi người được xem câu trả lời"), required=False)
    valid_from = _day(_("Hỏi từ ngày"), required=False, help_text=_("Để trống: từ bây giờ."))

    def clean_choices(self) -> list[tuple[str, str]]:
        """Return the choices; a line without a key gets one from its words."""
        lines = filter(None, map(clean_line, self.cleaned_data["choices"].splitlines()))
        found = [_choice(line) for line in lines]
        if any(len(name) > 120 for _key, name in found):
            raise ValidationError(_("Mỗi ý nhiều nhất 120 chữ cái."))
        return found

    def given(self) -> QuestionGiven:
        """Return what was typed; a day begins at midnight, today means now."""
        said = dict(self.cleaned_data)
        return QuestionGiven(**said | {"valid_from": _begins(said["valid_from"])})


def question_as_typed(question: CategoryQuestion) -> dict[str, object]:
    """Return a question as the form shows it."""
    names = ("text", "code", "datatype", "hint", "order", "is_asked", "is_required", "is_public")
    lines = [f"{choice['key']} = {choice['name']}" for choice in question.choices]
    return {name: getattr(question, name) for name in names} | {"choices": "\n".join(lines)}


def kind_as_typed(row: Category) -> dict[str, object]:
    """Return a kind of matter as the form shows it."""
    names = ("name", "hint", "keywords", "stream", "pin", "sensitivity", "is_publishable")
    more = ("is_after_photo_required", "is_approval_required", "is_active")
    said = {name: getattr(row, name) for name in names + more}
    said |= {"group": row.parent.code if row.parent else "", "unit": row.unit_id or ""}
    return said | {"also_in": row.also_in}


def _choice(line: str) -> tuple[str, str]:
    key, sign, name = (part.strip() for part in line.partition("="))
    if sign and key and name:
        return key[:40], name
    return "-".join(fold(line).split())[:40], line


def _begins(day: date | None) -> datetime | None:
    if day is None or day == dates.local(clock.now()).date():
        return None
    return datetime.combine(day, time(), dates.ZONE)
