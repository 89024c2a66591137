"""What people type about their own data, and officials about keeping and erasing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.reports.actions.rights import PARTS
from xaso.reports.models import DataRequest

_Kind, _State = DataRequest.Kind, DataRequest.State


class AskForm(forms.Form):
    """What somebody asks about their data."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Bác muốn xã làm gì?"),
        choices=(
            (_Kind.CORRECT, _("Sửa chỗ sai")),
            (_Kind.ERASE, _("Xóa")),
            (_Kind.WITHDRAW, _("Rút lại đồng ý, thôi dùng số của tôi")),
            (_Kind.COPY, _("Xin một bản, ví dụ bản giấy")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bác chọn muốn xã làm gì.")},
    )
    name = forms.CharField(
        label=_("Tên đúng, nếu sửa tên"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại đúng, nếu sửa số"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    text = forms.CharField(
        label=_("Nói rõ thêm"),
        help_text=_("Ví dụ: xóa ảnh thứ hai; lời ghi sai chỗ nào."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(forms.Form):
    """What the commune decides, and why, in words the person reads."""

    state = forms.ChoiceField(
        label=_("Xã quyết định"),
        choices=(
            (_State.ACCEPTED, _("Làm theo")),
            (_State.PARTLY, _("Làm một phần")),
            (_State.REFUSED, _("Không làm theo được")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bác chọn làm theo, làm một phần hay không.")},
    )
    parts = forms.MultipleChoiceField(
        label=_("Xóa phần nào"),
        help_text=_("Bấm gửi là máy xóa ngay, không lấy lại được."),
        required=False,
        choices=list(PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    answer = forms.CharField(
        label=_("Trả lời bà con: vì sao, làm gì"),
        help_text=_("Bà con đọc đúng những lời này. Viết ngắn, dễ hiểu, không viết tắt."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Bác viết vì sao, bằng lời bà con hiểu được.")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:  # noqa: ANN401
        """Ask for parts only where something is taken away."""
        super().__init__(*args, **kwargs)
        if kind in (_Kind.COPY, _Kind.CORRECT):
            del self.fields["parts"]


class HoldForm(forms.Form):
    """Which report is kept as evidence, why, until when."""

    code = forms.CharField(
        label=_("Mã phản ánh"),
        max_length=15,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Bác ghi mã phản ánh.")},
    )
    reason = forms.CharField(
        label=_("Vì sao phải giữ, ai yêu cầu"),
        help_text=_("Ví dụ: Tòa án nhân dân khu vực 1 yêu cầu bằng văn bản số 12."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Bác ghi vì sao phải giữ, ai yêu cầu.")},
    )
    until = forms.DateField(
        label=_("Giữ đến hết ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Bác chọn ngày hết giữ, sau hôm nay.")},
    )
