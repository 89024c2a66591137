"""Fields that forms of the register share."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Refusal
from xaso.population import births
from xaso.population.births import Partial
from xaso.population.models import Membership, ResidenceKind, Role, Sex, Source
from xaso.population.queries import people

ROLES = [(role.value, role.label) for role in Role if role != Role.HEAD]
ALL_ROLES = [(role.value, role.label) for role in Role]
_PLACES = [(kind.value, kind.label) for kind in ResidenceKind]
_TOLD = [(s.value, s.label) for s in Source if s != Source.SYSTEM]


class PartialField(forms.CharField):
    """A day as far as it is known: `5/1/1987`, `01/1987`, `1987`."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (Django's own options)
        """Set the hint and the keyboard; a day in words is never read."""
        options.setdefault("help_text", _("Ngày/tháng/năm. Chỉ biết năm thì ghi năm, ví dụ 1987."))
        options.setdefault("max_length", 12)
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> Partial:  # noqa: ANN401  (what the browser sent)
        """Return the day; its own sentence when it is none."""
        text = super().clean(value)
        try:
            return births.parse(text or "", today=people.today())
        except Refusal as refusal:
            raise ValidationError(str(refusal.sentence)) from None

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401
        """Show a day that is known already as it would be typed."""
        if isinstance(value, Partial):
            return births.shown(value.day, value.precision) if value.day else ""
        return value


def name(*, is_required: bool = True) -> forms.CharField:
    """Return the box of a full name."""
    return forms.CharField(
        label=_("Họ và tên"),
        help_text=_("Như trong giấy khai sinh."),
        max_length=200,
        required=is_required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def sex() -> forms.ChoiceField:
    """Return the choice of sex."""
    return forms.ChoiceField(label=_("Giới tính"), choices=Sex.choices, widget=forms.RadioSelect)


def day(label: Any, **options: Any) -> forms.DateField:  # noqa: ANN401
    """Return a day that is known whole, today unless told."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def past(value: date) -> None:
    """Refuse a day that has not come yet."""
    if value > people.today():
        raise ValidationError(str(births.DayToCome.sentence))


def role() -> forms.ChoiceField:
    """Return the relation to the head."""
    return forms.ChoiceField(label=_("Quan hệ với chủ hộ"), choices=ROLES)


def footing() -> forms.ChoiceField:
    """Return on what footing somebody lives here."""
    return forms.ChoiceField(
        label=_("Ở theo diện"), choices=_PLACES, widget=forms.RadioSelect, initial="permanent"
    )


def source() -> forms.ChoiceField:
    """Return where what is told comes from."""
    return forms.ChoiceField(label=_("Biết từ đâu"), choices=_TOLD, initial=Source.SELF)


def checked() -> forms.BooleanField:
    """Return whether it was compared with a paper today."""
    return forms.BooleanField(label=_("Đã xem giấy tờ gốc hôm nay"), required=False)


def who(members: list[Membership], label: Any) -> forms.TypedChoiceField:  # noqa: ANN401
    """Return the choice of one member."""
    return forms.TypedChoiceField(
        label=label,
        coerce=UUID,
        choices=[(str(m.person_id), m.person.display_name) for m in members],
        widget=forms.RadioSelect,
    )


def uuid() -> forms.UUIDField:
    """Return the hidden key that lets a form be sent twice."""
    return forms.UUIDField(widget=forms.HiddenInput)
