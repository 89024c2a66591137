"""The account residents pay into, as an administrator enters it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.payments import banks


class AccountForm(forms.Form):
    """A bank account from a day on."""

    bin = forms.ChoiceField(label=_("Ngân hàng"))
    number = forms.CharField(
        label=_("Số tài khoản"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    holder = forms.CharField(
        label=_("Tên chủ tài khoản"),
        help_text=_("Ghi đúng như ngân hàng hiện ra, để bà con so trước khi chuyển tiền."),
        max_length=120,
    )
    source = forms.CharField(
        label=_("Theo văn bản nào"),
        help_text=_("Ví dụ: thông báo mở tài khoản của Kho bạc, số và ngày."),
        max_length=300,
    )
    valid_from = forms.DateField(
        label=_("Dùng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the banks of the list; brands that share a number stand together."""
        super().__init__(*args, **kwargs)
        numbers = {bank.bin: banks.named(bank.bin) for bank in banks.banks() if not bank.is_old}
        choices = sorted(numbers.items(), key=lambda pair: pair[1].lower())
        field = self.fields["bin"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), *choices]
