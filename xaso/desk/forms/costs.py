"""What an administrator writes down about prices and caps of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.notifications.models import Item, Sureness


class TariffForm(forms.Form):
    """Price and cap of one item from a day on."""

    item = forms.ChoiceField(label=_("Loại tin"), choices=Item.choices)
    price = forms.DecimalField(
        label=_("Giá mỗi phần hoặc mỗi tin, đồng"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        help_text=_("Chưa có thuế. Tin gửi trước đó giữ giá cũ."),
    )
    cap = forms.IntegerField(
        label=_("Hạn mức một tháng"),
        min_value=0,
        max_value=10_000_000,
        required=False,
        help_text=_("Số phần hoặc số tin. Để trống: không giới hạn."),
    )
    valid_from = forms.DateField(
        label=_("Áp dụng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sureness = forms.ChoiceField(label=_("Chắc đến đâu"), choices=Sureness.choices)
    source = forms.CharField(
        label=_("Theo giấy tờ nào"),
        max_length=300,
        help_text=_("Ví dụ: Hợp đồng số 12/2026 với nhà mạng."),
    )
