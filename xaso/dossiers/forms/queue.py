"""What an administrator fills in for the waiting room."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models import QueueDevice, ServiceGroup


class GroupForm(forms.Form):
    """A group of services."""

    letter = forms.CharField(label=_("Chữ đầu của số"), max_length=1, help_text=_("Ví dụ: A"))
    name = forms.CharField(label=_("Tên nhóm việc"), max_length=80)
    slot_minutes = forms.IntegerField(
        label=_("Mỗi lượt hẹn bao nhiêu phút"), initial=15, min_value=5, max_value=240
    )
    places_per_slot = forms.IntegerField(
        label=_("Mỗi lượt hẹn nhận mấy người"),
        initial=0,
        min_value=0,
        max_value=50,
        help_text=_("Để 0 nếu nhóm này không cho đặt lịch."),
    )
    is_open = forms.BooleanField(label=_("Đang nhận"), initial=True, required=False)


class CounterForm(forms.Form):
    """A counter and what it serves."""

    number = forms.IntegerField(label=_("Số quầy"), min_value=1, max_value=99)
    name = forms.CharField(label=_("Tên quầy"), max_length=80, required=False)
    letters = forms.MultipleChoiceField(
        label=_("Phục vụ nhóm"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bác chọn ít nhất một nhóm việc cho quầy.")},
    )
    is_open = forms.BooleanField(label=_("Đang dùng"), initial=True, required=False)

    def offer(self, groups: Iterable[ServiceGroup]) -> None:
        """Offer the commune's groups."""
        field = self.fields["letters"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(each.letter, f"{each.letter} – {each.name}") for each in groups]


class MachineForm(forms.Form):
    """A machine of the waiting room."""

    kind = forms.ChoiceField(
        label=_("Loại máy"), choices=QueueDevice.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Đặt ở đâu"), max_length=80, help_text=_("Ví dụ: Cửa vào phòng một cửa")
    )
