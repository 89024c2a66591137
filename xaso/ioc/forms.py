"""What an administrator types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.ioc.actions import LONGEST_DAYS
from xaso.ioc.models import Baseline, WallDevice


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


class PortalForm(forms.Form):
    """The portal's scores of a month as a file."""

    file = forms.FileField(
        label=_("Bảng điểm của cổng (CSV hoặc XLSX)"),
        max_length=200,
        help_text=_(
            "Dòng đầu là tên cột: period, department, metric_code, numerator, denominator, score."
        ),
        error_messages={"required": _("Bác chọn tệp bảng điểm trước khi gửi.")},
    )


class CorrectionForm(forms.Form):
    """Why a closed month is computed anew."""

    reason = forms.CharField(label=_("Vì sao tính lại"), max_length=300)


class SetForm(forms.Form):
    """Another version of the indicator set."""

    valid_from = forms.DateField(
        label=_("Có hiệu lực từ ngày"), widget=forms.DateInput(attrs={"type": "date"})
    )
    law_ref = forms.CharField(
        label=_("Căn cứ"), max_length=300, help_text=_("Số, ký hiệu và ngày của văn bản.")
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=2000, required=False)
    body = forms.JSONField(
        label=_("Nhóm và chỉ số"),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text=_("Sửa điểm tối đa, hệ số, cách tính khi mẫu số bằng 0 ngay trong khung này."),
        error_messages={"invalid": _("Nội dung không đúng dạng. Bác tải lại trang và sửa lại.")},
    )


class BaselineForm(forms.Form):
    """A recorded value "before"."""

    meter = forms.ChoiceField(label=_("Thước đo"), choices=Baseline.Meter.choices)
    key = forms.CharField(
        label=_("Mã thủ tục"),
        max_length=40,
        required=False,
        help_text=_("Chỉ ghi khi mốc là giờ xử lý của riêng một thủ tục."),
    )
    value = forms.DecimalField(label=_("Số mốc"), max_digits=12, decimal_places=3, localize=True)
    cases = forms.IntegerField(label=_("Đo trên bao nhiêu hồ sơ"), min_value=1, required=False)
    first = forms.DateField(label=_("Đo từ ngày"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Đến ngày"), widget=forms.DateInput(attrs={"type": "date"}))
    method = forms.CharField(label=_("Đo bằng cách nào"), max_length=300)
    evidence = forms.CharField(
        label=_("Lấy từ đâu"), max_length=300, help_text=_("Báo cáo, sổ, văn bản nào.")
    )
