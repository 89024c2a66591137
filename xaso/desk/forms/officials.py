"""What an administrator enters about officials, roles, units and machines' keys."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity import permissions
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.actions import NewKey, NewOfficial, NewRole
from xaso.kernel.identity.models import COMMUNE_ROLES, Role, UnitKind
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock

_SCOPES = {
    "reports.read": _("Đọc phản ánh"),
    "reports.help": _("Gửi phản ánh thay bà con"),
    "reports.work": _("Xử lý phản ánh"),
    "ioc.read": _("Đọc số liệu điều hành"),
    "open311.read": _("Open311: đọc phản ánh do khóa này gửi, kể cả khi chưa đăng"),
    "open311.write": _("Open311: gửi phản ánh"),
    "open311.updates": _("Open311: theo dõi và gửi thêm ý kiến"),
    "open311.extended_statuses": _("Open311: nhận trạng thái chi tiết"),
    "open311.fetch_media": _("Open311: cho máy xã tải ảnh theo địa chỉ gửi kèm"),
}


class _Date(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RoleForm(forms.Form):
    """A role with its reach and its days."""

    role = forms.ChoiceField(
        label=_("Vai trò"), choices=[(role.value, role.label) for role in COMMUNE_ROLES]
    )
    unit = forms.ChoiceField(label=_("Thuộc đơn vị"), required=False)
    village = forms.ChoiceField(label=_("Phụ trách bản"), required=False)
    since = forms.DateField(
        label=_("Từ ngày"),
        widget=_Date,
        required=False,
        help_text=_("Để trống: ngay bây giờ."),
    )
    until = forms.DateField(
        label=_("Đến hết ngày"),
        widget=_Date,
        required=False,
        help_text=_("Để trống: đến khi có người cho thôi."),
    )

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the commune's own units and villages."""
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in identity.units(commune)}
        self.villages = {str(village.pk): village for village in places.villages(commune)}
        self._offer("unit", self.units, _("Không thuộc đơn vị nào"))
        self._offer("village", self.villages, _("Cả xã"))

    def _offer(self, name: str, found: dict[str, Any], none: object) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", none), *((key, str(each)) for key, each in found.items())]

    def new_role(self) -> NewRole:
        """Return what was entered; a day ends at its midnight."""
        said = self.cleaned_data
        return NewRole(
            Role(said["role"]),
            unit=self.units.get(said["unit"]),
            village=self.villages.get(said["village"]),
            since=_begins(said["since"]),
            until=_midnight(said["until"] + timedelta(days=1)) if said["until"] else None,
        )


class OfficialForm(RoleForm):
    """Someone new, with a first role."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    position = forms.CharField(label=_("Chức danh"), max_length=120, required=False)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ thường không dấu, ví dụ lan.lo"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    field_order = ["full_name", "position", "username", "email", "role", "unit", "village"]

    def new_official(self) -> NewOfficial:
        """Return who was entered."""
        said = self.cleaned_data
        return NewOfficial(said["username"], said["full_name"], said["position"], said["email"])


class UnitForm(forms.Form):
    """A unit that cases are assigned to."""

    name = forms.CharField(label=_("Tên đơn vị"), max_length=120)
    code = forms.SlugField(
        label=_("Mã"), max_length=20, help_text=_("Chữ thường không dấu, ví dụ kinh-te")
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=UnitKind.choices)


class HeadForm(forms.Form):
    """Who leads a unit."""

    head = forms.ChoiceField(label=_("Người phụ trách"), required=False)

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer those who work in the commune now."""
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in identity.members(commune)}
        field = self.fields["head"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            ("", _("Chưa có")),
            *((key, str(person)) for key, person in self.people.items()),
        ]


class KeyForm(forms.Form):
    """A key for a machine."""

    name = forms.CharField(
        label=_("Máy nào dùng, để làm gì"),
        max_length=120,
        help_text=_("Ví dụ: Cổng thông tin tỉnh, lấy số liệu mỗi ngày"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Được làm gì"),
        choices=[(scope, _SCOPES[scope]) for scope in permissions.SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=_("Dùng đến hết ngày"), widget=_Date, help_text=_("Trong vòng một năm.")
    )

    def new_key(self) -> NewKey:
        """Return what was entered."""
        said = self.cleaned_data
        return NewKey(said["name"], said["scopes"], _midnight(said["until"] + timedelta(days=1)))


def _begins(day: date | None) -> datetime | None:
    """Return when a role begins: now when no day or today was said."""
    if day is None or day == timezone.localdate(clock.now()):
        return None
    return _midnight(day)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
