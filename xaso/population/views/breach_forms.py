"""What is asked when data got out, or when that is exercised."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.population.actions.breaches import NewBreach
from xaso.population.actions.rights import MOST


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class BreachForm(forms.Form):
    """One incident as it is known so far."""

    is_drill = forms.BooleanField(
        label=_("Đây là diễn tập"),
        help_text=_("Đồng hồ chạy từ lúc mở. Không tính vào số sự cố."),
        required=False,
    )
    text = forms.CharField(
        label=_("Chuyện gì đã xảy ra"),
        help_text=_("Lời này đi vào văn bản báo cáo: không ghi tên, số giấy tờ của bà con."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST,
    )
    noticed_at = forms.DateTimeField(
        label=_("Phát hiện lúc"),
        help_text=_("Hạn báo tính từ giờ này. Để trống là bây giờ."),
        widget=_moment(),
        required=False,
    )
    account = forms.TypedChoiceField(
        label=_("Tài khoản có liên quan"),
        help_text=_("Máy đếm trong nhật ký xem tài khoản này đã thấy dữ liệu của ai."),
        coerce=int,
        empty_value=None,
        required=False,
    )
    began_at = forms.DateTimeField(label=_("Từ lúc"), widget=_moment())
    ended_at = forms.DateTimeField(label=_("Đến lúc"), widget=_moment())

    def __init__(
        self, data: Mapping[str, Any] | None, *, commune: Commune, me: str, first: dict[str, Any]
    ) -> None:
        """Offer the accounts of the commune, former ones too, but for one's own."""
        super().__init__(data, initial=first)
        rows = [each.official for each in identity.colleagues(commune)]
        account = self.fields["account"]
        assert isinstance(account, forms.TypedChoiceField)  # noqa: S101  (the type is above)
        account.choices = [
            ("", _("Chưa biết")),
            *((row.pk, f"{row} ({row.username})") for row in rows if str(row.pk) != me),
        ]

    def said(self) -> NewBreach:
        """Return what was typed."""
        return NewBreach(**self.cleaned_data)
