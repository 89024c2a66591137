"""What an official fills in about one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xaso.population import ethnic
from xaso.population.births import Partial
from xaso.population.models import ContactKind, FlagKind, NameKind, NumberKind, Person
from xaso.population.views import fields


class PersonForm(forms.Form):
    """What every form about a person asks: where it is known from."""

    source = fields.source()
    is_checked = fields.checked()

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:  # noqa: ANN401
        """Take the person the form is about."""
        self.person = person
        super().__init__(*args, **options)
        self.order_fields([f for f in self.fields if f not in ("source", "is_checked")])


class EditForm(PersonForm):
    """Correct what is known; what stays as it is is no statement."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = fields.name()
    sex = fields.sex()
    birth = fields.PartialField(label=_("Ngày sinh"), required=False)
    birth_note = forms.CharField(
        label=_("Ghi chú ngày sinh"), help_text=_("Ví dụ ngày âm lịch."), max_length=200,
        required=False,
    )  # fmt: skip
    languages = forms.CharField(
        label=_("Nói được tiếng"), help_text=_("Cách nhau bằng dấu phẩy."), max_length=120,
        required=False,
    )  # fmt: skip
    needs_interpreter = forms.BooleanField(label=_("Cần người phiên dịch"), required=False)
    ethnic_code = forms.ChoiceField(
        label=_("Dân tộc"),
        help_text=_("Để “Không đổi” nếu không sửa. Số đang có chỉ hiện ở trang của người này."),
        required=False,
    )
    local_group = forms.CharField(label=_("Nhóm địa phương"), max_length=60, required=False)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:  # noqa: ANN401
        """Start from what is known; the ethnic group is not shown here."""
        born = Partial(person.birth_date, person.birth_precision)
        options["initial"] = {
            "version": person.version,
            "name": "" if person.is_unnamed else person.display_name,
            "sex": person.sex,
            "birth": born,
            "birth_note": person.birth_note,
            "languages": ", ".join(person.spoken_languages),
            "needs_interpreter": person.needs_interpreter,
        }
        super().__init__(*args, person=person, **options)
        choices = [("", _("Không đổi")), *ethnic.choices()]
        self.fields["ethnic_code"].choices = choices  # type: ignore[attr-defined]

    def changes(self) -> dict[str, object]:
        """Return what the form states."""
        said = self.cleaned_data
        found = {n: said[n] for n in ("name", "sex", "birth", "birth_note", "needs_interpreter")}
        spoken = [word.strip()[:30] for word in said["languages"].split(",") if word.strip()]
        found["spoken_languages"] = spoken
        found |= {n: said[n] for n in ("ethnic_code", "local_group") if said[n]}
        return found


class NumberForm(PersonForm):
    """A number of a paper."""

    kind = forms.ChoiceField(label=_("Loại giấy"), choices=NumberKind.choices)
    number = forms.CharField(
        label=_("Số"),
        help_text=_("Không có giấy thì không ghi gì cả. Ví dụ 012 087 001 234."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )


class ContactForm(PersonForm):
    """A way to reach somebody."""

    kind = forms.ChoiceField(label=_("Cách liên hệ"), choices=ContactKind.choices)
    contact = forms.CharField(label=_("Số điện thoại hoặc thư"), max_length=200)
    is_shared = forms.BooleanField(label=_("Cả nhà dùng chung, hoặc của hàng xóm"), required=False)


class OtherNameForm(PersonForm):
    """Another name."""

    kind = forms.ChoiceField(label=_("Loại tên"), choices=NameKind.choices)
    name = fields.name()


class MoveHouseForm(PersonForm):
    """Somebody goes to another household of the commune."""

    household = forms.CharField(
        label=_("Mã hộ chuyển đến"), help_text=_("Ví dụ BL-000123."), max_length=16
    )
    role = forms.ChoiceField(label=_("Quan hệ với chủ hộ đó"), choices=fields.ALL_ROLES)
    kind = fields.footing()
    on = fields.day(_("Từ ngày"), validators=[fields.past])
    evidence = forms.CharField(label=_("Số giấy tờ, nếu có"), max_length=120, required=False)


class FlagForm(PersonForm):
    """A sensitive fact for a purpose, in a period."""

    kind = forms.ChoiceField(label=_("Diện"), choices=FlagKind.choices)
    first = fields.day(_("Từ ngày"))
    last = fields.day(_("Đến hết ngày"), required=False)
    decision = forms.CharField(label=_("Số, ngày quyết định"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("Để làm gì"))
