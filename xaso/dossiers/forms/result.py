"""The form by which an official puts a result before its signer."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import Official


class ResultForm(forms.Form):
    """What the paper says, and who signs it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = forms.CharField(label=_("Tên giấy"), max_length=200)
    lines = forms.CharField(
        label=_("Nội dung ghi nhận"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Mỗi dòng một mục, ví dụ: Người giám hộ: Lò Thị Mẩy"),
    )
    text = forms.CharField(
        label=_("Lời kết luận"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Bác ghi nội dung kết quả.")},
    )
    signer = forms.ChoiceField(label=_("Người ký"))
    position = forms.CharField(
        label=_("Chức vụ ghi trên giấy"), max_length=120, initial=_("CHỦ TỊCH")
    )

    def __init__(self, signers: list[Official], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer those who may sign."""
        super().__init__(*args, **kwargs)
        field = self.fields["signer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(each.pk), str(each)) for each in signers]

    def pairs(self) -> list[tuple[str, str]]:
        """Return the lines as name and value; a line without a colon has no value."""
        rows = [row.partition(":") for row in self.cleaned_data["lines"].splitlines()]
        return [(name.strip(), value.strip()) for name, _colon, value in rows if name.strip()]
