"""The forms of a round: its plan, its report, what joins it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.forms.steps import Choices, area, day_box, moment


def _hour_box() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class RoundForm(forms.Form):
    """When, where, for whom, with whom."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(
        label=_("Tên đợt"),
        help_text=_("Ví dụ: Làm giấy khai sinh tại Bản Hon."),
        max_length=120,
    )
    day = forms.DateField(label=_("Ngày"), widget=day_box())
    since = forms.TimeField(label=_("Từ giờ"), widget=_hour_box())
    until = forms.TimeField(label=_("Đến giờ"), widget=_hour_box())
    place = forms.CharField(
        label=_("Chỗ làm"), help_text=_("Ví dụ: nhà văn hóa Bản Hon."), max_length=200
    )
    villages = forms.TypedMultipleChoiceField(
        label=_("Cho bà con các bản"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    members = forms.TypedMultipleChoiceField(
        label=_("Ai đi"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    procedures = forms.MultipleChoiceField(
        label=_("Nhận những thủ tục nào"),
        help_text=_("Không chọn là nhận mọi thủ tục xã tự làm."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    bring = forms.CharField(
        label=_("Bà con mang theo gì"), widget=area(2), max_length=500, required=False
    )
    notice = forms.CharField(
        label=_("Vì sao đổi ngày giờ hoặc chỗ"),
        help_text=_("Bà con đọc được lời này."),
        widget=area(2),
        max_length=500,
        required=False,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        villages: Choices,
        members: Choices,
        procedures: Choices,
        is_public: bool = False,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer what the commune has; the reason stands there once residents were told."""
        super().__init__(*args, **kwargs)
        self.fields["villages"].choices = villages  # type: ignore[attr-defined]
        self.fields["members"].choices = members  # type: ignore[attr-defined]
        self.fields["procedures"].choices = procedures  # type: ignore[attr-defined]
        if not is_public:
            del self.fields["notice"]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return the first and last moment, on the commune's clock."""
        said = self.cleaned_data
        return moment(said["day"], said["since"]), moment(said["day"], said["until"])


class CloseForm(forms.Form):
    """How the day went."""

    came = forms.IntegerField(label=_("Bao nhiêu người đến"), min_value=0, max_value=100_000)
    report = forms.CharField(
        label=_("Ghi ngắn: việc còn lại, hẹn trả ở đâu"),
        widget=area(3),
        max_length=2_000,
        required=False,
    )


class CancelForm(forms.Form):
    """Why it does not take place."""

    notice = forms.CharField(
        label=_("Vì sao hủy"),
        help_text=_("Bà con đọc được lời này."),
        widget=area(2),
        max_length=500,
        required=False,
    )


class JoinForm(forms.Form):
    """Codes of dossiers that were received there."""

    codes = forms.CharField(
        label=_("Mã hồ sơ đã nhận ở đợt này"),
        help_text=_("Mỗi dòng một mã: mã chính thức hoặc mã tạm trên phiếu ngoài mạng."),
        widget=area(3),
        max_length=4_000,
    )
