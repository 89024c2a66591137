"""What an administrator types about the catalogue and the centre."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.forms.steps import day_box


class DayForm(forms.Form):
    """A day."""

    day = forms.DateField(label=_("Từ ngày"), widget=day_box())


class PublishForm(DayForm):
    """From when on, and whether days without any version are meant."""

    leaves_gap = forms.BooleanField(
        label=_("Vẫn để trống những ngày không có bản nào"), required=False
    )


class ProcedureForm(forms.Form):
    """A procedure that is not in the catalogue yet."""

    code = forms.CharField(
        label=_("Mã thủ tục"),
        help_text=_("Mã quốc gia, ví dụ 1.001193. Việc riêng của xã thì xã tự đặt, ví dụ XA-01."),
        max_length=30,
    )
    name = forms.CharField(label=_("Tên thủ tục"), max_length=250)
    field_name = forms.CharField(label=_("Lĩnh vực"), max_length=120)
    is_own = forms.BooleanField(
        label=_("Việc riêng của xã, không có trong danh mục quốc gia"), required=False
    )


class ImportForm(forms.Form):
    """A JSON file of one version."""

    file = forms.FileField(label=_("Tệp thủ tục tải từ Xã Số (.json)"))


class SettingsForm(forms.Form):
    """What the commune decides about its centre."""

    code_prefix = forms.CharField(
        label=_("Mã cơ quan trong mã hồ sơ"),
        help_text=_("Ví dụ H35.50.05.13. Để trống thì tính theo mã tỉnh, mã xã."),
        required=False,
        max_length=20,
    )
    is_refusal_by_leader = forms.BooleanField(
        label=_("Từ chối tiếp nhận phải do lãnh đạo quyết định"), required=False
    )
    is_extension_late = forms.BooleanField(
        label=_("Hồ sơ đã gia hạn vẫn tính là trễ khi xã tự chấm"), required=False
    )
    response_hours = forms.IntegerField(
        label=_("Trả lời có nhận hay không trong, giờ làm việc"), min_value=1, max_value=80
    )
    near_due_hours = forms.IntegerField(
        label=_("Sắp hạn là còn dưới, giờ làm việc"), min_value=1, max_value=80
    )


class AbsenceForm(forms.Form):
    """Who is away, and who stands in."""

    official = forms.TypedChoiceField(label=_("Ai vắng"), coerce=int)
    since = forms.DateField(label=_("Từ ngày"), widget=day_box())
    until = forms.DateField(label=_("Đến hết ngày"), widget=day_box())
    stand_in = forms.TypedChoiceField(
        label=_("Ai làm thay"), coerce=int, empty_value=None, required=False
    )
    reason = forms.CharField(label=_("Lý do"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        people: Sequence[tuple[int, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer the officials of the commune."""
        super().__init__(*args, **kwargs)
        self.fields["official"].choices = [("", _("Chọn người")), *people]  # type: ignore[attr-defined]
        self.fields["stand_in"].choices = [("", _("Chưa cử ai")), *people]  # type: ignore[attr-defined]
