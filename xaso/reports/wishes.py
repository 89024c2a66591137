"""The ways a sender may choose to be told by."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_WAYS = (
    ("sms", _("Nhắn tin")),
    ("zalo", "Zalo"),
    ("push", _("Thông báo trên điện thoại này")),
    ("call", _("Gọi điện")),
    ("none", _("Không cần báo")),
)


def ways_to_choose(now_open: Collection[str], *, push: bool = False) -> list[tuple[str, Any]]:
    """Return the ways a sender may choose: those the commune has; push where it can be kept."""
    return [
        (name, text)
        for name, text in _WAYS
        if name == "none" or (name in now_open and (push or name != "push"))
    ]


class WayForm(forms.Form):
    """How the sender wants to be told."""

    choice = forms.ChoiceField(label=_("Xã báo bằng cách nào?"), widget=forms.RadioSelect)
    phone = forms.CharField(
        label=_("Số điện thoại, nếu muốn đổi"),
        help_text=_("Chỉ cán bộ xã thấy số này."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, now_open: Collection[str], **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the ways the commune has."""
        super().__init__(*args, **kwargs)
        is_push = self.initial.get("choice") == "push"
        self.fields["choice"].choices = ways_to_choose(now_open, push=is_push)  # type: ignore[attr-defined]
