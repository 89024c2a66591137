"""One form for each thing that can happen in a household."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from xaso.population.births import Partial
from xaso.population.models import EventKind, Membership, Precision, ResidenceKind, Role, Sex
from xaso.population.queries import people
from xaso.population.views import fields


class ChangeForm(forms.Form):
    """What every change asks: where it is known from, and whether a paper was seen."""

    uuid = fields.uuid()
    source = fields.source()
    is_checked = fields.checked()

    def __init__(self, *args: Any, members: list[Membership], **options: Any) -> None:  # noqa: ANN401
        """Take the members of the household, for choices."""
        self.members = members
        options["initial"] = {"uuid": uuid4(), **(options.get("initial") or {})}
        super().__init__(*args, **options)
        self.build()
        self.order_fields([f for f in self.fields if f not in ("source", "is_checked")])

    def build(self) -> None:
        """Add what depends on the members."""


class BirthForm(ChangeForm):
    """A new-born of the household."""

    name = fields.name(is_required=False)
    sex = fields.sex()
    on = fields.PartialField(label=_("Ngày sinh"))
    document = forms.CharField(
        label=_("Số giấy khai sinh, nếu đã có"), max_length=120, required=False
    )
    role = fields.role()

    def build(self) -> None:
        """Ask for mother and father among the members."""
        self.fields["name"].help_text = _("Chưa đặt tên thì để trống, bổ sung sau.")
        self.fields["role"].initial = Role.CHILD
        for key, label, sex in (
            ("mother", _("Mẹ"), Sex.FEMALE),
            ("father", _("Bố"), Sex.MALE),
        ):
            able = [m for m in self.members if m.person.sex in (sex, Sex.UNKNOWN)]
            choices = [(str(m.person_id), m.person.display_name) for m in able]
            self.fields[key] = forms.TypedChoiceField(
                label=label, coerce=UUID, required=False, empty_value=None,
                choices=[("", _("Không ở hộ này hoặc chưa rõ")), *choices],
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for the mother of a child without a name."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("name") and not said.get("mother"):
            self.add_error("mother", now_("Trẻ chưa đặt tên thì cần biết mẹ là ai."))
        return said


class DeathForm(ChangeForm):
    """Somebody died; never refused."""

    on = fields.PartialField(label=_("Mất ngày nào"), required=False)
    document = forms.CharField(label=_("Số giấy khai tử, nếu có"), max_length=120, required=False)

    def build(self) -> None:
        """Ask who."""
        self.fields["person"] = fields.who(self.members, _("Ai mất?"))
        self.order_fields(["person", "on", "document"])


class DepartureForm(ChangeForm):
    """Somebody moved away, or no longer lives here."""

    kind = forms.ChoiceField(
        label=_("Đi theo diện"),
        choices=[
            (EventKind.PERMANENT_OUT.value, _("Chuyển hẳn, xóa thường trú")),
            (EventKind.TEMPORARY_OUT.value, _("Hết tạm trú")),
            (EventKind.LIVING_OUT.value, _("Thôi ở (chưa đăng ký)")),
        ],
        widget=forms.RadioSelect,
    )
    on = fields.PartialField(label=_("Đi từ ngày nào"))
    to_place = forms.CharField(label=_("Đi đâu"), max_length=200, required=False)

    def build(self) -> None:
        """Ask who; several at once."""
        self.fields["persons"] = several(self.members, _("Ai đi?"))
        self.order_fields(["persons", "kind", "on", "to_place"])


class ArrivalForm(ChangeForm):
    """Somebody comes to live here: known already (by their key) or new."""

    person = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = fields.name(is_required=False)
    sex = fields.sex()
    birth = fields.PartialField(label=_("Ngày sinh"), required=False)
    role = fields.role()
    kind = fields.footing()
    on = fields.PartialField(label=_("Đến từ ngày nào"))
    until = fields.day(_("Tạm trú đến ngày"), required=False)
    from_place = forms.CharField(label=_("Từ đâu đến"), max_length=200, required=False)
    evidence = forms.CharField(label=_("Số giấy tờ cư trú, nếu có"), max_length=120, required=False)

    def build(self) -> None:
        """Offer the head's place where nobody has it, and leave out what is known."""
        if not any(m.role == Role.HEAD for m in self.members):
            self.fields["role"].choices = fields.ALL_ROLES  # type: ignore[attr-defined]
            self.fields["role"].initial = Role.HEAD
        if self.initial.get("person") or (self.data and self.data.get("person")):
            for known in ("name", "sex", "birth"):
                del self.fields[known]

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for the whole first day."""
        said: dict[str, Any] = super().clean() or {}
        if "name" in self.fields and not said.get("name"):
            self.add_error("name", now_("Bác ghi họ tên giúp."))
        on = said.get("on")
        if isinstance(on, Partial) and on.precision == Precision.UNKNOWN:
            self.add_error("on", now_("Bác ghi ngày đến giúp."))
        if said.get("kind") == ResidenceKind.TEMPORARY and not said.get("until"):
            self.add_error("until", now_("Tạm trú thì cần ngày hết hạn."))
        return said


class AbsenceForm(ChangeForm):
    """Somebody stays a member and is away for long."""

    on = fields.PartialField(label=_("Vắng từ ngày nào"))
    until = fields.day(_("Dự kiến về ngày"), required=False)
    to_place = forms.CharField(label=_("Đi đâu"), max_length=200, required=False)

    def build(self) -> None:
        """Ask who."""
        self.fields["persons"] = several(self.members, _("Ai vắng?"))
        self.order_fields(["persons", "on", "until", "to_place"])


class ReturnForm(ChangeForm):
    """Somebody who was away is back."""

    on = fields.PartialField(label=_("Về từ ngày nào"))

    def build(self) -> None:
        """Ask who."""
        self.fields["persons"] = several(self.members, _("Ai đã về?"))
        self.order_fields(["persons", "on"])


class UnknownForm(ChangeForm):
    """Nobody knows where somebody lives: the village is asked to find out."""

    note = forms.CharField(label=_("Biết gì thêm"), max_length=300, required=False)

    def build(self) -> None:
        """Ask who."""
        self.fields["persons"] = several(self.members, _("Không rõ ai đang ở đâu?"))
        self.order_fields(["persons", "note"])


class MoveForm(ChangeForm):
    """The whole household lives elsewhere in the commune, or its address is put right."""

    village = forms.TypedChoiceField(label=_("Bản"), coerce=int)
    address = forms.CharField(
        label=_("Địa chỉ"), help_text=_("Số nhà, đường, xóm; chưa có thì mô tả."), max_length=200,
        required=False,
    )  # fmt: skip
    old_address = forms.CharField(
        label=_("Địa chỉ ghi trên giấy cũ, nếu khác"), max_length=200, required=False
    )
    lat = forms.FloatField(label=_("Vĩ độ, nếu biết"), required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(
        label=_("Kinh độ, nếu biết"), required=False, min_value=-180, max_value=180
    )


class HeadForm(ChangeForm):
    """A new head from a day on; everybody's relation to them is asked in the same screen."""

    on = fields.day(_("Làm chủ hộ từ ngày"), validators=[fields.past])

    def build(self) -> None:
        """Ask who, and a role for each."""
        self.fields["head"] = fields.who(self.members, _("Ai làm chủ hộ?"))
        for member in self.members:
            self.fields[f"role_{member.person_id.hex}"] = forms.ChoiceField(
                label=member.person.display_name,
                choices=[("", _("Chọn quan hệ với chủ hộ mới")), *fields.ROLES],
                required=False,
            )
        self.order_fields(["head", "on"])

    def clean(self) -> dict[str, Any]:
        """Ask for the role of everybody but the new head."""
        said: dict[str, Any] = super().clean() or {}
        for member in self.members:
            key = f"role_{member.person_id.hex}"
            if member.person_id != said.get("head") and not said.get(key):
                self.add_error(key, ValidationError(now_("Bác chọn quan hệ giúp.")))
        return said

    def roles(self) -> dict[UUID, str]:
        """Return the roles of everybody but the new head."""
        said = self.cleaned_data
        return {
            m.person_id: said[f"role_{m.person_id.hex}"]
            for m in self.members
            if m.person_id != said["head"]
        }


class SplitForm(ChangeForm):
    """Some members become a household of their own at the same dwelling."""

    on = fields.day(_("Tách từ ngày"), validators=[fields.past])
    has_consent = forms.BooleanField(
        label=_("Chủ hộ và chủ chỗ ở đã đồng ý bằng văn bản"), required=False
    )
    is_divorced = forms.BooleanField(
        label=_("Vợ chồng đã ly hôn, vẫn ở chung chỗ (không cần đồng ý)"), required=False
    )

    def build(self) -> None:
        """Ask who goes, who is their head, and the others' roles."""
        self.fields["persons"] = several(self.members, _("Ai tách ra?"))
        self.fields["head"] = fields.who(self.members, _("Ai làm chủ hộ mới?"))
        for member in self.members:
            self.fields[f"role_{member.person_id.hex}"] = forms.ChoiceField(
                label=member.person.display_name,
                choices=[("", _("Không tách, hoặc là chủ hộ mới")), *fields.ROLES],
                required=False,
            )
        self.order_fields(["persons", "head", "on"])

    def clean(self) -> dict[str, Any]:
        """Ask for a role of everybody who goes, and for a head among them."""
        said: dict[str, Any] = super().clean() or {}
        going = set(said.get("persons") or [])
        if said.get("head") not in going:
            self.add_error("head", now_("Chủ hộ mới phải là người tách ra."))
        for key in going - {said.get("head")}:
            if not said.get(f"role_{key.hex}"):
                self.add_error(f"role_{key.hex}", now_("Bác chọn quan hệ giúp."))
        return said

    def roles(self) -> dict[UUID, str]:
        """Return the roles of everybody who goes."""
        said = self.cleaned_data
        return {
            key: Role.HEAD.value if key == said["head"] else said[f"role_{key.hex}"]
            for key in said["persons"]
        }


def several(members: list[Membership], label: Any) -> forms.TypedMultipleChoiceField:  # noqa: ANN401
    """Return the choice of one or more members."""
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=UUID,
        choices=[(str(m.person_id), m.person.display_name) for m in members],
        widget=forms.CheckboxSelectMultiple,
    )


def today() -> str:
    """Return today as a date box holds it."""
    return people.today().isoformat()
