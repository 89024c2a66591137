"""Moments as the standard writes them: W3C date-times with a zone, never fractions of a second."""

import re
from datetime import UTC, datetime, timedelta, timezone

from django.utils.translation import gettext as _

from xaso.kernel.text import dates
from xaso.reports.open311.faults import Fault, Faulty

LONGEST = timedelta(days=90)
_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:([Zz])|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
# A `+` that was not percent-encoded arrives as a blank before the zone.
_LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)", re.ASCII)
_YEARS = range(1970, 2201)


def written(moment: datetime) -> str:
    """Return a moment in the commune's own zone: `2026-11-23T14:00:00+07:00`."""
    return dates.local(moment).isoformat(timespec="seconds")


def read(name: str, text: str) -> datetime:
    """Return the moment a parameter names. Refuses with Faulty."""
    found = _FORM.fullmatch(_LOST_PLUS.sub("+", text.strip()))
    moment = _moment(found) if found else None
    if moment is None or moment.year not in _YEARS:
        sentence = _("viết ngày giờ kèm múi giờ, ví dụ 2026-11-23T14:00:00+07:00")
        raise Faulty(Fault(name, sentence))
    return moment


def window(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """Return the period asked for, at most 90 days. Refuses with Faulty.

    Without both ends: the last 90 days; with one: 90 days from it or before it.
    """
    if start is None and end is None:
        return now - LONGEST, now
    if start is None:
        assert end is not None  # noqa: S101  (for the type checker)
        return end - LONGEST, end
    if end is None:
        return start, min(start + LONGEST, max(now, start))
    if start > end:
        raise Faulty(Fault("start_date", _("ngày đầu sau ngày cuối")))
    if end - start > LONGEST:
        raise Faulty(Fault("end_date", _("khoảng ngày dài quá, nhiều nhất 90 ngày")))
    return start, end


def _moment(found: re.Match[str]) -> datetime | None:
    """Return the moment in UTC; None for a day, an hour or a zone that cannot be."""
    year, month, day, hour, minute, second = (int(found[n] or 0) for n in range(1, 7))
    try:
        there = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found))
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(found: re.Match[str]) -> timezone:
    if found[7]:
        return UTC
    hours, minutes = int(found[9]), int(found[10])
    ahead = timedelta(hours=hours, minutes=minutes if minutes < 60 else 24 * 60)
    return timezone(-ahead if found[8] == "-" else ahead)  # ValueError from a day on
