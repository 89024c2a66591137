"""A deadline as a person reads it: a word, an icon and a colour. The colour is picked here only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xaso.kernel.text import dates

SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Chip:
    """What a state chip shows; `tone` is "", xanh, cam, do, cham or line."""

    text: str | Promise
    tone: str = ""
    icon: str = ""


def chip(
    due: datetime | None,
    now: datetime,
    *,
    paused: datetime | None = None,
    done: datetime | None = None,
) -> Chip | None:
    """Return one of five chips (stopped, done, overdue, soon, later); none without a deadline.

    `paused` is when the clock stopped, `done` when the work ended. Times are aware. The distance
    shown is by the clock on the wall; what counts as working time is explained elsewhere.
    """
    if paused:
        day = timezone.localtime(paused)
        return Chip(
            _("Dừng từ %(day)s") % {"day": f"{day.day}/{day.month}"}, "line", "circle-pause"
        )
    if due is None:
        return None
    if done:
        return _ended(due, done)
    if now > due:
        return Chip(_("Quá %(time)s") % {"time": span(now - due)}, "do", "circle-alert")
    if due - now < SOON or timezone.localdate(due) == timezone.localdate(now):
        return Chip(_("Còn %(time)s") % {"time": span(due - now)}, "cam", "clock")
    return Chip(_later(due, now), "", "calendar-clock")


def _later(due: datetime, now: datetime) -> str:
    """Write a later deadline: hour and weekday within a week, weekday and date beyond it."""
    if due - now < timedelta(days=6):
        return f"{dates.gio(due)} {dates.weekday(timezone.localdate(due))}"
    return dates.ngay(due)


def _ended(due: datetime, done: datetime) -> Chip:
    days = (timezone.localdate(due) - timezone.localdate(done)).days
    if done > due:
        return Chip(_("Xong, muộn %(time)s") % {"time": span(done - due)}, "do", "check")
    if days > 0:
        text = ngettext("Xong sớm %(n)d ngày", "Xong sớm %(n)d ngày", days) % {"n": days}
        return Chip(text, "xanh", "check")
    return Chip(_("Xong đúng hẹn"), "xanh", "check")


def span(length: timedelta) -> str:
    """Write a length of time in at most two words: 25 phút, 1 giờ 50, 3 ngày."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return _("chưa đến 1 phút")
    if minutes < 60:
        return ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours >= 24:
        days = hours // 24
        return ngettext("%(n)d ngày", "%(n)d ngày", days) % {"n": days}
    if rest:
        return _("%(hours)d giờ %(minutes)02d") % {"hours": hours, "minutes": rest}
    return ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours}
