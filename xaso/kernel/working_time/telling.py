"""An explanation in plain Vietnamese: rows for a page, lines for a terminal or a loudspeaker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.text import dates
from xaso.kernel.working_time.engine import Unit
from xaso.kernel.working_time.explanation import DayKind, Explanation, Row

UNITS: dict[Unit, str | Promise] = {
    Unit.HOURS: gettext_lazy("%(n)s giờ làm việc"),
    Unit.WORKING_DAYS: gettext_lazy("%(n)s ngày làm việc"),
    Unit.DAYS: gettext_lazy("%(n)s ngày"),
    Unit.MONTHS: gettext_lazy("%(n)s tháng"),
    Unit.SAME_DAY: gettext_lazy("trong ngày, nhận sau 15 giờ thì ngày làm việc kế tiếp"),
}
NOTES: dict[DayKind, str | Promise] = {
    DayKind.WEEKEND: gettext_lazy("nghỉ cuối tuần"),
    DayKind.REST: gettext_lazy("không có giờ làm việc"),
    DayKind.OFF: gettext_lazy("nghỉ, %(name)s"),
    DayKind.MAKE_UP: gettext_lazy("ngày làm bù: %(name)s"),
    DayKind.CLOSED: gettext_lazy("đóng cửa: %(name)s"),
    DayKind.PARTLY_CLOSED: gettext_lazy("đóng cửa một phần: %(name)s"),
}
_WORKED = frozenset({DayKind.WORK, DayKind.MAKE_UP, DayKind.PARTLY_CLOSED})


@dataclass(frozen=True, slots=True)
class Told:
    """One row as the page `web/parts/_why_deadline.html` shows it; `state` is its class."""

    day: str
    what: str
    hours: str
    state: str = ""
    so_far: str = ""


def duration(minutes: int) -> str:
    """Return a length of working time: `6 giờ 30`, `8 giờ`, `40 phút`, `0 giờ`."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    if not hours and rest:
        return sign + _("%(minutes)s phút") % {"minutes": rest}
    said = _("%(hours)s giờ") % {"hours": hours}
    return f"{sign}{said} {rest:02}" if rest else f"{sign}{said}"


def working_days(minutes: int) -> str:
    """Return what is left in days of eight hours: `1 ngày 7 giờ làm việc`."""
    days, rest = divmod(abs(minutes), 480)
    parts = [_("%(n)s ngày") % {"n": days}] if days else []
    if rest or not days:
        parts.append(duration(rest))
    return _("%(length)s làm việc") % {"length": " ".join(parts)}


def term(unit: Unit, n: int) -> str:
    """Return a term in words: `5 ngày làm việc`."""
    said = str(UNITS[unit])
    return said if unit is Unit.SAME_DAY else said % {"n": n}


def lead(why: Explanation) -> str:
    """Return the sentence above the table: when it was received, how long it may take."""
    due = why.due
    said = _("Nhận lúc %(at)s. Thời hạn: %(term)s.") % {
        "at": _when(due.accepted_at),
        "term": term(due.unit, due.n),
    }
    if due.clock_start != due.accepted_at:
        said += " " + _("Lúc nhận không phải giờ làm việc nên tính từ %(at)s.") % {
            "at": _when(due.clock_start)
        }
    return said


def law(why: Explanation) -> str:
    """Return the sentences below the table: the legal limit, its source, the calendar."""
    due = why.due
    said = []
    if due.legal > due.promise:
        said.append(
            _("Hạn theo luật muộn hơn: %(at)s (không tính ngày nhận).") % {"at": _when(due.legal)}
        )
    if why.legal_basis:
        said.append(_("Căn cứ: %(law)s.") % {"law": why.legal_basis})
    if why.sureness == "unverified":
        said.append(_("Thời hạn này chưa đối chiếu với văn bản gốc."))
    if why.calendar_version:
        said.append(_("Lịch làm việc bản %(n)s.") % {"n": why.calendar_version})
    else:
        said.append(_("Theo lịch làm việc có sẵn, xã chưa công bố lịch riêng."))
    if why.is_provisional:
        said.append(_("Ngày hẹn tạm tính: lịch nghỉ của năm đó chưa công bố."))
    return " ".join(said)


def rows(why: Explanation) -> list[Told]:
    """Return the table of days, with the promise as its last row."""
    due = why.due
    told = [_row(row, why) for row in why.rows]
    total = why.rows[-1].total if why.rows else 0
    is_counted = due.unit not in {Unit.DAYS, Unit.MONTHS}
    told.append(
        Told(
            f"{_hour(due.promise)}, {due.promise.day}/{due.promise.month}",
            _("Giờ hẹn trả cho dân"),
            duration(total) if is_counted else "",
            "end",
        )
    )
    return told


def lines(why: Explanation) -> list[str]:
    """Return everything as lines of text, columns aligned for a terminal."""
    table = [_row(row, why) for row in why.rows]
    width = max((len(row.day) for row in table), default=0)
    told = [
        f"  {row.day:<{width}}  {row.hours:>10}  {row.so_far:>11}  {row.what}".rstrip()
        for row in table
    ]
    end = _("Hẹn trả: %(at)s.") % {"at": _when(why.due.promise)}
    return [lead(why), *told, end, *_pauses(why), law(why)]


def note(row: Row) -> str:
    """Return why a day counts as it does, in the reader's language."""
    said = str(NOTES.get(row.kind, ""))
    if row.kind is DayKind.MAKE_UP and row.name.startswith("làm bù"):
        said = _("ngày %(name)s")  # "ngày làm bù cho 31/08/2026", not the word twice
    parts = [said % {"name": row.name} if "%(name)s" in said else said]
    if row.paused:
        parts.append(_("đồng hồ tạm dừng chờ bổ sung"))
    return "; ".join(part for part in parts if part)


def _row(row: Row, why: Explanation) -> Told:
    due = why.due
    parts = [note(row)]
    if row.minutes and row.day == due.clock_start.date():
        parts.append(_("từ %(hour)s") % {"hour": _hour(due.clock_start)})
    if row.day == due.promise.date():
        parts.append(_("hẹn trả %(hour)s") % {"hour": _hour(due.promise)})
    if row.minutes and not any(parts):
        parts.append(_("cả ngày"))
    weekday = dates.weekday(row.day)
    return Told(
        f"{weekday[:1].upper()}{weekday[1:]} {row.day.day}/{row.day.month}",
        ", ".join(part for part in parts if part),
        duration(row.minutes),
        "" if row.minutes or row.kind in _WORKED else "off",
        duration(row.total),
    )


def _pauses(why: Explanation) -> Iterator[str]:
    for pause in why.pauses:
        yield _("Đồng hồ dừng chờ bổ sung từ %(start)s đến %(end)s.") % {
            "start": _when(pause.start),
            "end": _when(pause.end),
        }
    if why.first_promise and why.first_promise != why.due.promise:
        yield _("Hẹn lần đầu: %(at)s.") % {"at": _when(why.first_promise)}


def _hour(t: datetime) -> str:
    return f"{t.hour}:{t.minute:02}"


def _when(t: datetime) -> str:
    return f"{_hour(t)} {dates.ngay(date(t.year, t.month, t.day), year=True)}"
