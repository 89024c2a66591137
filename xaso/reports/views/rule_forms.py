"""What an administrator types about one routing rule and about the duty roster."""

import json
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.actions import NewShifts, RuleGiven
from xaso.reports.actions.duty import CHANGE_OVER
from xaso.reports.models import RoutingRule
from xaso.reports.models.words import Channel, Severity, Stream

_LONGEST_AREA = 20_000


def _ticks(label: Any, *, choices: Any = (), coerce: Any = str) -> Any:  # noqa: ANN401
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=choices,
        coerce=coerce,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _day(label: Any, *, required: bool = False) -> forms.DateField:  # noqa: ANN401
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _time(label: Any, *, required: bool = False) -> forms.TimeField:  # noqa: ANN401
    return forms.TimeField(
        label=label,
        required=required,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class RuleForm(forms.Form):
    """One routing rule; what stays empty means any."""

    name = forms.CharField(
        label=_("Tên luật"), help_text=_("Ví dụ: Rác ở bản gần chợ"), max_length=120
    )
    unit = forms.TypedChoiceField(label=_("Giao cho đơn vị"), coerce=int, empty_value=None)
    person = forms.TypedChoiceField(
        label=_("Giao luôn cho người"), coerce=int, required=False, empty_value=None
    )
    categories = _ticks(_("Loại việc"))
    villages = _ticks(_("Bản"), coerce=int)
    weekdays = _ticks(
        _("Thứ trong tuần"),
        choices=[(str(n), name) for n, name in enumerate(dates.WEEKDAYS, 1)],
        coerce=int,
    )
    time_from = _time(_("Gửi từ giờ"))
    time_to = _time(_("đến giờ"))
    streams = _ticks(_("Luồng"), choices=Stream.choices)
    severities = _ticks(_("Mức gấp"), choices=Severity.choices)
    channels = _ticks(_("Cách gửi"), choices=Channel.choices)
    answers = forms.CharField(
        label=_("Câu trả lời thêm của bà con"),
        help_text=_("Mỗi dòng một điều kiện, ví dụ: so_cot = 12"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    area = forms.CharField(
        label=_("Tọa độ các góc của khu vực"),
        help_text=_("Máy ghi vào đây khi bác vẽ. Để trống: cả xã."),
        required=False,
        max_length=_LONGEST_AREA,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    valid_from = _day(_("Áp dụng từ ngày"))
    valid_to = _day(_("đến hết ngày"))
    also_tell = _ticks(_("Báo thêm cho"))
    is_enabled = forms.BooleanField(label=_("Đang dùng"), required=False, initial=True)

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the commune's own categories, villages, units and people."""
        super().__init__(*args, **kwargs)
        units = [(unit.pk, unit.name) for unit in identity.units(commune)]
        people = [(p.pk, str(p)) for p in identity.members(commune, permission="reports.work")]
        kinds = catalogue.of(commune.id).by_id.values()
        tells = [(f"unit:{key}", name) for key, name in units]
        tells += [(f"person:{key}", name) for key, name in people]
        offered: dict[str, list[Any]] = {
            "unit": [("", _("Chọn đơn vị")), *units],
            "person": [("", _("Đơn vị tự phân công")), *people],
            "categories": [
                (k.code, _("Cả nhóm: %(name)s") % {"name": k.name} if not k.terms else k.name)
                for k in kinds
                if k.is_active
            ],
            "villages": [(str(v.pk), v.full_name) for v in places.villages(commune)],
            "also_tell": tells,
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_answers(self) -> dict[str, str]:
        """Return the answers by question."""
        found = {}
        for line in filter(str.strip, self.cleaned_data["answers"].splitlines()):
            code, sign, value = line.partition("=")
            if not sign or not code.strip():
                raise ValidationError(_("Mỗi dòng viết: mã câu hỏi = câu trả lời."))
            found[code.strip()] = value.strip()
        return found

    def clean_area(self) -> dict[str, Any] | None:
        """Return the geometry; a whole GeoJSON file with one feature will do."""
        text = self.cleaned_data["area"].strip()
        if not text:
            return None
        try:
            found = json.loads(text)
            if found.get("type") == "FeatureCollection":
                found = found["features"][0]
            return dict(found["geometry"] if found.get("type") == "Feature" else found)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            message = _("Khu vực này chưa đọc được. Bác vẽ lại trên bản đồ.")
            raise ValidationError(message) from error

    def given(self) -> RuleGiven:
        """Return what was entered."""
        said = dict(self.cleaned_data)
        return RuleGiven(unit_id=said.pop("unit"), person_id=said.pop("person"), **said)


def initial_of(row: RoutingRule) -> dict[str, Any]:
    """Return a row as the form shows it."""
    return {
        "name": row.name,
        "unit": row.to_unit_id,
        "person": row.to_person_id,
        "categories": row.category_in,
        "villages": [str(key) for key in row.village_in],
        "weekdays": [str(day) for day in row.weekday_in],
        "time_from": row.time_from,
        "time_to": row.time_to,
        "streams": row.stream_in,
        "severities": row.severity_in,
        "channels": row.channel_in,
        "answers": "\n".join(f"{code} = {value}" for code, value in row.answers.items()),
        "area": json.dumps(row.area) if row.area else "",
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "also_tell": row.also_tell,
        "is_enabled": row.is_enabled,
    }


class DutyForm(forms.Form):
    """Who is on duty on which days."""

    official = forms.TypedChoiceField(label=_("Ai trực"), coerce=int)
    first = _day(_("Từ ngày"), required=True)
    last = _day(_("Đến hết ngày"), required=True)
    begins = _time(_("Mỗi ngày từ giờ"), required=True)
    ends = _time(_("đến giờ"), required=True)
    order = forms.TypedChoiceField(
        label=_("Gọi thứ mấy"),
        coerce=int,
        choices=[(1, _("Gọi đầu tiên")), (2, _("Gọi thứ hai")), (3, _("Gọi thứ ba"))],
    )
    phone = forms.CharField(
        label=_("Số điện thoại khi trực"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer who works in the commune; a shift is a day and a night unless said otherwise."""
        super().__init__(*args, **kwargs)
        people = [(person.pk, str(person)) for person in identity.members(commune)]
        self.fields["official"].choices = [("", _("Chọn người")), *people]  # type: ignore[attr-defined]
        self.fields["ends"].help_text = _("Giờ giống nhau nghĩa là trực cả ngày và đêm.")
        today: date = dates.local(clock.now()).date()
        self.initial = {"first": today, "last": today, "begins": CHANGE_OVER, "ends": CHANGE_OVER}

    def shifts(self) -> NewShifts:
        """Return what was entered."""
        said = dict(self.cleaned_data)
        return NewShifts(official_id=said.pop("official"), **said)
