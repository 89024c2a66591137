"""What an administrator enters about working time."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.working_time import terms
from xaso.kernel.working_time.calendar import Calendar, Season, Slots, every_weekday
from xaso.kernel.working_time.engine import Unit
from xaso.kernel.working_time.models import CalendarDay

FIRST_YEAR, LAST_YEAR = 2024, 2050
NOON = 12 * 60
_DAY_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")


class _Date(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Time(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class YearForm(forms.Form):
    """Which year to fill from the library."""

    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class DayForm(forms.Form):
    """What one day of the draft is."""

    class Is(models.TextChoices):
        """The kinds a day can be given here; a closure has its own page."""

        PLAIN = "", _("Ngày thường, theo giờ trong tuần")
        OFF = CalendarDay.Kind.OFF.value, _("Ngày nghỉ")
        MAKE_UP = CalendarDay.Kind.MAKE_UP.value, _("Ngày làm bù")

    kind = forms.ChoiceField(
        label=_("Ngày này là"), choices=Is.choices, required=False, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Tên ngày nghỉ, hoặc làm bù cho ngày nào"), max_length=120, required=False
    )
    document_no = forms.CharField(
        label=_("Số văn bản"),
        max_length=60,
        required=False,
        help_text=_("Ví dụ 12729/VPCP-KGVX; để trống nếu xã tự quyết định."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name when the day is not an ordinary one."""
        said = super().clean() or {}
        if said.get("kind") and not said.get("name"):
            self.add_error("name", _("Xin ghi tên để bà con hiểu vì sao nghỉ hoặc làm bù."))
        return said


class ClosureForm(forms.Form):
    """Close the office at once: which days, which hours, why, by which paper."""

    class Hours(models.TextChoices):
        """What stays open on the days of a closure."""

        NONE = "none", _("Đóng cả ngày")
        MORNING = "morning", _("Chỉ làm buổi sáng")
        AFTERNOON = "afternoon", _("Chỉ làm buổi chiều")

    first = forms.DateField(label=_("Từ ngày"), widget=_Date())
    last = forms.DateField(
        label=_("Đến hết ngày"),
        required=False,
        widget=_Date(),
        help_text=_("Để trống nếu chỉ một ngày."),
    )
    hours = forms.ChoiceField(
        label=_("Giờ làm việc"),
        choices=Hours.choices,
        initial=Hours.NONE,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Lý do"), max_length=120, help_text=_("Bà con sẽ đọc thấy: sạt lở đường, mất điện…")
    )
    document_no = forms.CharField(label=_("Số quyết định"), max_length=60)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("Ngày kết thúc phải sau ngày bắt đầu."))
        return said

    def days(self) -> list[date]:
        """Return every day from the first to the last."""
        first: date = self.cleaned_data["first"]
        last: date = self.cleaned_data["last"] or first
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def open_slots(self, by: Calendar) -> Slots:
        """Return what stays open, out of the usual hours of the season."""
        usual = by.usual(self.cleaned_data["first"])
        match self.cleaned_data["hours"]:
            case self.Hours.MORNING:
                return tuple(slot for slot in usual if slot[0] < NOON)
            case self.Hours.AFTERNOON:
                return tuple(slot for slot in usual if slot[0] >= NOON)
            case _other:
                return ()


class PublishForm(forms.Form):
    """The paper a calendar is published on the strength of."""

    document_no = forms.CharField(
        label=_("Số văn bản làm căn cứ"), max_length=60, help_text=_("Ví dụ 12729/VPCP-KGVX.")
    )


class HoursForm(forms.Form):
    """Weekly hours from Monday to Friday; in the mountains winter often has its own."""

    morning_start = forms.TimeField(label=_("Sáng, từ"), widget=_Time())
    morning_end = forms.TimeField(label=_("Sáng, đến"), widget=_Time())
    afternoon_start = forms.TimeField(label=_("Chiều, từ"), widget=_Time())
    afternoon_end = forms.TimeField(label=_("Chiều, đến"), widget=_Time())
    winter_from = forms.CharField(
        label=_("Mùa đông bắt đầu ngày"),
        required=False,
        help_text=_("Ví dụ 1/11. Để trống nếu cả năm một giờ."),
    )
    winter_to = forms.CharField(
        label=_("Mùa đông hết ngày"), required=False, help_text=_("Ví dụ 31/3.")
    )
    winter_morning_start = forms.TimeField(
        label=_("Mùa đông, sáng, từ"), required=False, widget=_Time()
    )
    winter_morning_end = forms.TimeField(
        label=_("Mùa đông, sáng, đến"), required=False, widget=_Time()
    )
    winter_afternoon_start = forms.TimeField(
        label=_("Mùa đông, chiều, từ"), required=False, widget=_Time()
    )
    winter_afternoon_end = forms.TimeField(
        label=_("Mùa đông, chiều, đến"), required=False, widget=_Time()
    )

    def clean_winter_from(self) -> tuple[int, int] | None:
        """Return month and day."""
        return _month_day(self.cleaned_data["winter_from"])

    def clean_winter_to(self) -> tuple[int, int] | None:
        """Return month and day."""
        return _month_day(self.cleaned_data["winter_to"])

    def clean(self) -> dict[str, Any]:
        """Refuse hours that overlap, and a winter told by halves."""
        said = super().clean() or {}
        self._ordered("")
        winter = [name for name in self.fields if name.startswith("winter_")]
        if any(said.get(name) for name in winter):
            for name in winter:
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Mùa đông cần đủ ngày và giờ."))
            self._ordered("winter_")
        return said

    def seasons(self) -> list[Season]:
        """Return the weekly hours as seasons, winter first."""
        said = self.cleaned_data
        usual = every_weekday(self._slots(""))
        if not said["winter_from"]:
            return [Season((1, 1), (12, 31), usual)]
        winter = Season(
            said["winter_from"], said["winter_to"], every_weekday(self._slots("winter_"))
        )
        return [winter, Season((1, 1), (12, 31), usual)]

    @staticmethod
    def initial_of(by: Calendar) -> dict[str, Any]:
        """Return what the form shows at first: the hours of a calendar."""
        shown: dict[str, Any] = {}
        *winter, usual = by.seasons()
        for prefix, season in (("", usual), *(("winter_", each) for each in winter[:1])):
            for slot, part in zip(season.clock.get(1, ()), ("morning", "afternoon"), strict=False):
                shown[f"{prefix}{part}_start"] = time(*divmod(slot[0], 60))
                shown[f"{prefix}{part}_end"] = time(*divmod(slot[1], 60))
        for season in winter[:1]:
            shown["winter_from"] = "{1}/{0}".format(*season.from_md)
            shown["winter_to"] = "{1}/{0}".format(*season.to_md)
        return shown

    def _slots(self, prefix: str) -> Slots:
        said = self.cleaned_data
        return tuple(
            (
                _minute(said[f"{prefix}{part}_start"]),
                _minute(said[f"{prefix}{part}_end"]),
            )
            for part in ("morning", "afternoon")
        )

    def _ordered(self, prefix: str) -> None:
        """Mark the first hour that does not come after the one before it."""
        before = None
        for name in ("morning_start", "morning_end", "afternoon_start", "afternoon_end"):
            at = self.cleaned_data.get(prefix + name)
            if at is None:
                return
            if before is not None and at <= before:
                self.add_error(prefix + name, _("Giờ này phải sau giờ ở ô trước."))
                return
            before = at


class WhyForm(forms.Form):
    """A term to explain."""

    start = forms.DateTimeField(
        label=_("Nhận lúc"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    term = forms.CharField(
        label=_("Thời hạn"),
        max_length=30,
        help_text=_("Ví dụ: 40 giờ, 5 ngày làm việc, 30 ngày, 1 tháng, trong ngày."),
    )

    def clean_term(self) -> tuple[Unit, int]:
        """Return what the term means."""
        try:
            return terms.parse(self.cleaned_data["term"])
        except ValueError as error:
            raise ValidationError(
                _("Chưa hiểu thời hạn này. Xin viết như ví dụ: 5 ngày làm việc.")
            ) from error

    def start_at(self) -> datetime:
        """Return the aware start."""
        start: datetime = self.cleaned_data["start"]
        return start


def _month_day(text: str) -> tuple[int, int] | None:
    """Return (month, day) of `1/11`; a leap year decides whether the day exists."""
    if not text.strip():
        return None
    found = _DAY_MONTH.fullmatch(text.strip())
    try:
        day = date(2028, int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("Xin viết ngày/tháng, ví dụ 1/11."))
    return day.month, day.day


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
