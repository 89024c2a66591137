"""The forms of the steps of a dossier."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models import Delivery, System
from xaso.kernel.text.dates import ZONE

Choices = Sequence[tuple[Any, Any]]


def area(rows: int = 3) -> forms.Textarea:
    """Return a box of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day_box() -> forms.DateInput:
    """Return a box that the browser fills with a calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment(day: date, at: time | None) -> datetime:
    """Return a day and an hour of the commune's clock as an instant; without an hour, 17:00."""
    return datetime.combine(day, at or time(17), ZONE)


class NothingForm(forms.Form):
    """A step that needs no word."""


class WantedForm(forms.Form):
    """Whether somebody wants what the commune prepared."""

    said_yes = forms.BooleanField(
        label=_("Bà con đồng ý nộp hồ sơ xã soạn sẵn"),
        help_text=_("Hỏi bà con, hoặc người nhà đi thay, rồi mới đánh dấu."),
        required=False,
    )


class TextForm(forms.Form):
    """One text."""

    text = forms.CharField(label=_("Nội dung"), widget=area(4), max_length=2_000)


class ReasonForm(forms.Form):
    """A reason."""

    text = forms.CharField(
        label=_("Lý do"),
        help_text=_("Viết bằng lời dễ hiểu, ít nhất 10 chữ cái."),
        widget=area(),
        max_length=1_000,
    )


class NoteForm(forms.Form):
    """A word that may stay empty."""

    text = forms.CharField(label=_("Lời nhắn"), widget=area(), max_length=1_000, required=False)


class LawForm(ReasonForm):
    """A reason with its legal basis."""

    law = forms.CharField(label=_("Căn cứ pháp lý"), max_length=300)


class SlipForm(LawForm):
    """A slip (Mẫu 02): everything missing, a line for each paper."""

    items = forms.CharField(
        label=_("Giấy tờ còn thiếu"),
        help_text=_("Mỗi dòng một giấy, ghi đủ trong một lần."),
        widget=area(4),
        max_length=2_000,
    )
    guidance = forms.CharField(
        label=_("Hướng dẫn cho bà con"), widget=area(2), max_length=1_000, required=False
    )
    is_confirmed = forms.BooleanField(
        label=_("Vẫn cần, dù đã yêu cầu một lần (Cổng quốc gia tính quá hạn)"), required=False
    )
    field_order = ("items", "text", "law", "guidance", "is_confirmed")

    def lines(self) -> list[dict[str, str]]:
        """Return the papers as the slip keeps them."""
        rows = self.cleaned_data["items"].splitlines()
        return [{"code": "", "name": row.strip()[:250]} for row in rows if row.strip()]


class HandForm(forms.Form):
    """To whom, for which step."""

    to_step = forms.ChoiceField(label=_("Bước"), required=False)
    receiver = forms.TypedChoiceField(
        label=_("Người nhận"), coerce=int, empty_value=None, required=False
    )
    unit = forms.TypedChoiceField(
        label=_("Hoặc giao cho đơn vị"), coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(label=_("Lời nhắn"), widget=area(2), max_length=300, required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        steps: Choices,
        people: Choices,
        units: Choices,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the steps of the version and the people of the commune."""
        super().__init__(*args, **kwargs)
        self.fields["to_step"].choices = steps  # type: ignore[attr-defined]
        self.fields["receiver"].choices = [("", _("Chọn người")), *people]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Không chọn")), *units]  # type: ignore[attr-defined]


class BackForm(HandForm):
    """Back to an earlier step, with the reason; without a receiver to whoever did it."""

    text = forms.CharField(label=_("Lý do trả lại"), widget=area(), max_length=1_000)


class ReceivedForm(forms.Form):
    """What came for a slip."""

    text = forms.CharField(label=_("Đã nhận những gì"), widget=area(), max_length=2_000)
    missing = forms.CharField(
        label=_("Còn thiếu gì"),
        help_text=_("Để trống khi đã đủ. Đồng hồ chỉ chạy lại khi đủ."),
        widget=area(2),
        max_length=1_000,
        required=False,
    )


class ExtendForm(forms.Form):
    """A later date with an apology (Mẫu 04)."""

    day = forms.DateField(label=_("Hẹn lại ngày"), widget=day_box())
    at = forms.TimeField(
        label=_("Giờ"), widget=forms.TimeInput(attrs={"type": "time"}), required=False
    )
    text = forms.CharField(label=_("Vì sao chậm"), widget=area(), max_length=500)
    apology = forms.CharField(
        label=_("Lời xin lỗi gửi người dân"),
        help_text=_("Bà con đọc được câu này."),
        widget=area(),
        max_length=1_000,
    )
    override = forms.CharField(
        label=_("Lý do đặc biệt, nếu là lần thứ hai"),
        widget=area(2),
        max_length=500,
        required=False,
    )


class OpinionForm(forms.Form):
    """A question to another unit or agency."""

    agency = forms.CharField(label=_("Hỏi cơ quan, đơn vị nào"), max_length=150)
    unit = forms.TypedChoiceField(
        label=_("Nếu là đơn vị của xã"), coerce=int, empty_value=None, required=False
    )
    text = forms.CharField(label=_("Hỏi gì"), widget=area(), max_length=2_000)
    day = forms.DateField(label=_("Cần trả lời trước ngày"), widget=day_box())
    is_mandatory = forms.BooleanField(
        label=_("Phải có trả lời mới trình ký được"), required=False, initial=True
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the commune's units."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("Không phải")), *units]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer to one open question, or why it is not waited for."""

    task = forms.TypedChoiceField(label=_("Câu hỏi"), coerce=int)
    text = forms.CharField(label=_("Trả lời"), widget=area(4), max_length=4_000)
    document_no = forms.CharField(label=_("Số văn bản"), max_length=60, required=False)

    def __init__(self, *args: Any, tasks: Choices, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the open questions."""
        super().__init__(*args, **kwargs)
        self.fields["task"].choices = tasks  # type: ignore[attr-defined]


WAYS_TO_PAY: Choices = (
    ("cash", _("Tiền mặt")),
    ("vietqr", _("Chuyển khoản QR")),
    ("dvcqg", _("Trên Cổng quốc gia")),
)


class PaidForm(forms.Form):
    """How it was paid."""

    way = forms.ChoiceField(label=_("Nộp bằng"), choices=WAYS_TO_PAY)
    receipt = forms.CharField(
        label=_("Số biên lai hoặc mã thanh toán"),
        help_text=_("Thu tiền mặt thì để trống được: máy cấp số phiếu thu."),
        max_length=60,
        required=False,
    )


class SignForm(forms.Form):
    """A result as it was signed and numbered."""

    number = forms.CharField(label=_("Số"), max_length=40)
    register = forms.CharField(label=_("Sổ"), max_length=40)
    signed_on = forms.DateField(label=_("Ngày ký"), widget=day_box())
    link = forms.CharField(label=_("Địa chỉ bản điện tử, nếu có"), max_length=300, required=False)
    electronic_code = forms.CharField(label=_("Mã bản điện tử"), max_length=60, required=False)


class CannotForm(LawForm, SignForm):
    """Why it cannot be resolved, and the letter that says so."""

    field_order = ("text", "law", "number", "register", "signed_on")


class GivenForm(forms.Form):
    """How a result was given, and the proof of it."""

    way = forms.ChoiceField(
        label=_("Giao bằng cách nào"),
        choices=[
            (Delivery.IN_PERSON.value, Delivery.IN_PERSON.label),
            (Delivery.ELECTRONIC.value, Delivery.ELECTRONIC.label),
            (Delivery.POST.value, Delivery.POST.label),
        ],
    )
    proof = forms.CharField(
        label=_("Bằng chứng đã giao"),
        help_text=_("Chữ ký nhận, mã bưu gửi, hoặc biên nhận điện tử."),
        max_length=200,
    )


class SystemForm(forms.Form):
    """The system that holds the original, and its code."""

    target = forms.ChoiceField(
        label=_("Hệ thống gốc"),
        choices=[(s.value, s.label) for s in System if s is not System.XASO],
    )
    code = forms.CharField(
        label=_("Mã hồ sơ ở hệ thống đó"),
        help_text=_("Ví dụ: H35.50.05.13-261008-0975."),
        max_length=60,
    )
