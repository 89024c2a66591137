"""What an administrator types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.ioc.actions import LONGEST_DAYS
from xaso.ioc.models import WallDevice


class ScreenForm(forms.Form):
    """A new screen on a wall."""

    name = forms.CharField(
        label=_("Màn hình treo ở đâu"),
        max_length=80,
        help_text=_("Ví dụ: Phòng họp tầng 2"),
        error_messages={"required": _("Bác ghi màn hình treo ở đâu.")},
    )
    theme = forms.ChoiceField(
        label=_("Nền"),
        choices=WallDevice.Theme.choices,
        initial=WallDevice.Theme.DARK,
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("Được xem trong bao nhiêu ngày"),
        initial=365,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=_("Hết số ngày này màn hình tự tắt số liệu."),
        error_messages={
            "required": _("Bác ghi số ngày."),
            "invalid": _("Bác ghi số ngày bằng chữ số, ví dụ 365."),
            "min_value": _("Ít nhất 1 ngày."),
            "max_value": _("Nhiều nhất 730 ngày."),
        },
    )
