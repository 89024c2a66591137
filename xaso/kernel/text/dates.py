"""Days and hours as people here say them, always in the commune's own time.

Aware datetimes are turned into Asia/Ho_Chi_Minh; a naive one is a fault of the caller and raises
ValueError, because nobody could tell which hour it means. Plain dates are taken as they are.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

WEEKDAYS = (
    _("thứ Hai"),
    _("thứ Ba"),
    _("thứ Tư"),
    _("thứ Năm"),
    _("thứ Sáu"),
    _("thứ Bảy"),
    _("chủ nhật"),
)


def local(at: datetime) -> datetime:
    """Return an aware datetime in the commune's time zone."""
    if at.utcoffset() is None:
        message = f"naive datetime, no one can tell which hour it means: {at!r}"
        raise ValueError(message)
    return at.astimezone(ZONE)


def weekday(day: date | datetime) -> str:
    """Return the name of the day of the week: `thứ Sáu`."""
    return str(WEEKDAYS[_day(day).weekday()])


def ngay(day: date | datetime, *, year: bool = False) -> str:
    """Return a day for reading: `thứ Sáu 27/11`, with `year=True` `thứ Sáu 27/11/2026`."""
    shown = _day(day)
    tail = f"/{shown.year:04}" if year else ""
    return f"{weekday(shown)} {shown.day}/{shown.month}{tail}"


def gio(at: datetime) -> str:
    """Return the hour and minute for reading: `9:10`."""
    shown = local(at)
    return f"{shown.hour}:{shown.minute:02}"


def moment(at: datetime, *, year: bool = False) -> str:
    """Return hour and day for reading: `9:10 thứ Sáu 27/11`."""
    return f"{gio(at)} {ngay(at, year=year)}"


def _day(day: date | datetime) -> date:
    return local(day).date() if isinstance(day, datetime) else day
