"""What moved a report's promised moment, in plain words for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from xaso.kernel.text import dates
from xaso.kernel.working_time import telling
from xaso.reports import deadlines, guards
from xaso.reports.models import ClockEntry, Report

_RESOLVE = ClockEntry.Clock.RESOLVE
_Effect = ClockEntry.Effect


@dataclass(frozen=True)
class Line:
    """One thing that happened to the clock."""

    icon: str
    text: str


def has_lines(report: Report) -> bool:
    """Return whether anything happened to the clock; asked before a statement is spent on it."""
    return bool(
        report.question_count or report.extension_count or report.due_at != report.first_due_at
    )


def lines(report: Report, now: datetime) -> Sequence[Line]:
    """Return every pause, later date and move, oldest first, and the pause under way."""
    if not has_lines(report):
        return []
    rows = ClockEntry.objects.filter(report=report, clock=_RESOLVE).order_by("id")
    found = [line for line in map(_line, _starts(rows)) if line]
    if report.is_paused:
        found.append(_under_way(report, now))
    return found


def _starts(rows: Iterable[ClockEntry]) -> Iterable[tuple[ClockEntry, bool]]:
    """Pair each line with whether it starts the clock again."""
    for number, row in enumerate(rows):
        yield row, number > 0 and row.effect == _Effect.RUN


def _line(pair: tuple[ClockEntry, bool]) -> Line | None:
    row, is_restart = pair
    due = dates.moment(row.due_at) if row.due_at else ""
    if row.effect == _Effect.PAUSE and row.to_at is not None:
        said = {
            "time": telling.working_days(row.minutes or 0),
            "since": dates.moment(row.from_at),
            "until": dates.moment(row.to_at),
            "due": due,
        }
        text = _("Tạm dừng %(time)s vì chờ bà con trả lời (%(since)s đến %(until)s). Hẹn: %(due)s.")
        return Line("circle-pause", text % said)
    if row.effect == _Effect.EXTEND:
        why = guards.EXTEND_REASONS.get(row.reason_code, "")
        text = _("Xã hẹn lại: %(why)s. Hẹn mới: %(due)s.") % {"why": why, "due": due}
        return Line("calendar-clock", text)
    if row.effect == _Effect.CALENDAR:
        return Line("calendar", _moved(row) % {"n": row.calendar_version, "due": due})
    if is_restart:
        return Line("rotate-ccw", _("Mở lại, tính hạn mới: %(due)s.") % {"due": due})
    return None


def _moved(row: ClockEntry) -> str:
    if row.reason_code == "category":
        return _("Đổi loại việc, tính lại ngày hẹn: %(due)s.")
    return _("Lịch làm việc của xã đổi (bản %(n)s), hẹn muộn hơn: %(due)s.")


def _under_way(report: Report, now: datetime) -> Line:
    left = deadlines.minutes_left(report, now, deadlines.frozen(report))
    said = {"since": dates.moment(report.state_since), "left": telling.working_days(max(0, left))}
    text = _("Đang tạm dừng từ %(since)s, chờ bà con trả lời. Khi chạy tiếp còn %(left)s.")
    return Line("circle-pause", text % said)
