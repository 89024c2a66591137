"""A report's history in plain words for everybody: what happened, when, who is at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.reports import guards
from xaso.reports.models import Report, ReportEvent, State

# What residents see of the steps; the others are the office's own business.
_TITLES: dict[str, tuple[str, Sentence]] = {
    "receive": ("send-horizontal", gettext_lazy("Bà con gửi")),
    "accept": ("inbox", gettext_lazy("Xã tiếp nhận")),
    "assign": ("users", gettext_lazy("Giao người làm")),
    "start": ("truck", gettext_lazy("Bắt đầu làm")),
    "ask_info": ("message-square", gettext_lazy("Xã hỏi thêm, đồng hồ tạm dừng")),
    "add_info": ("plus", gettext_lazy("Bà con gửi thêm")),
    "give_info": ("reply", gettext_lazy("Bà con đã trả lời")),
    "go_on": ("truck", gettext_lazy("Xã tiếp tục làm")),
    "give_up_waiting": ("ban", gettext_lazy("Dừng vì chưa có trả lời")),
    "forward": ("external-link", gettext_lazy("Chuyển cơ quan khác")),
    "take_back": ("undo-2", gettext_lazy("Xã nhận lại để làm")),
    "answer": ("check", gettext_lazy("Trả lời công khai")),
    "relay_answer": ("check", gettext_lazy("Trả lời công khai")),
    "close": ("check-check", gettext_lazy("Đã xong")),
    "reopen": ("rotate-ccw", gettext_lazy("Mở lại")),
    "reject": ("ban", gettext_lazy("Không thuộc diện xử lý")),
    "object": ("rotate-ccw", gettext_lazy("Xem xét lại")),
    "mark_duplicate": ("copy", gettext_lazy("Gộp vào phản ánh trước")),
    "separate": ("route", gettext_lazy("Tách ra làm riêng")),
    "withdraw": ("x", gettext_lazy("Bà con rút lại")),
    "extend": ("calendar-clock", gettext_lazy("Xã xin lỗi và hẹn lại")),
    "review": ("users", gettext_lazy("Lãnh đạo xem lại câu trả lời")),
    "check": ("check-check", gettext_lazy("Kiểm tra việc đã hẹn")),
    "remind": ("bell", gettext_lazy("Xã nhắc bà con trả lời")),
    "body_agree": ("thumbs-up", gettext_lazy("Cơ quan khác đã nhận việc")),
    "body_reply": ("reply", gettext_lazy("Cơ quan khác đã trả lời xã")),
    "chase": ("bell", gettext_lazy("Xã nhắc cơ quan khác")),
    "follow_calendar": ("calendar", gettext_lazy("Lịch làm việc của xã đổi, hẹn muộn hơn")),
    "take_alarm": ("siren", gettext_lazy("Có người đi xem ngay")),
    "confirm_alarm": ("megaphone", gettext_lazy("Xã cảnh báo bà con")),
    "end_alarm": ("check", gettext_lazy("Hết báo động")),
    "took_in": ("users", gettext_lazy("Thêm người cùng báo")),
}

SHOWN = tuple(_TITLES)


_OF_BODY = ("body_agree", "body_reply", "chase")


@dataclass(frozen=True)
class Step:
    """One line of the timeline, as `web/parts/_timeline.html` shows it."""

    icon: str
    title: str
    time: str
    iso: str
    note: str = ""
    state: str = "done"


def steps(report: Report, events: Iterable[ReportEvent], *, now: datetime) -> Sequence[Step]:
    """Return what everybody may see, oldest first, and what comes next while it is open."""
    shown = [_step(report, event) for event in events if event.kind in _TITLES]
    if report.is_open and not report.is_paused:
        shown.append(_promise(report, now))
    return shown


def question(events: Sequence[ReportEvent]) -> str:
    """Return what the commune asked last."""
    return next((e.public_text for e in reversed(events) if e.kind == "ask_info"), "")


def reason(events: Sequence[ReportEvent]) -> str:
    """Return why a report is not handled, in the office's own words."""
    ends = ("reject", "give_up_waiting")
    return next((e.public_text for e in reversed(events) if e.kind in ends), "")


def heading(kind: str) -> tuple[str, Sentence] | None:
    """Return icon and words of a step residents see; None for the office's own."""
    return _TITLES.get(kind)


def note(report: Report, event: ReportEvent) -> str:
    """Return the line under a step's heading."""
    return _note(report, event) if event.kind in _TITLES else ""


def _step(report: Report, event: ReportEvent) -> Step:
    icon, title = _TITLES[event.kind]
    moment = event.server_time
    return Step(
        icon=icon,
        title=str(title),
        time=_when(moment),
        iso=dates.local(moment).isoformat(timespec="minutes"),
        note=_note(report, event),
    )


def _note(report: Report, event: ReportEvent) -> str:
    facts = event.payload
    if event.kind == "receive":
        return _sent(report)
    if event.kind in ("accept", "assign") and facts.get("unit_name"):
        return _("%(unit)s, hẹn trả lời trước %(day)s") % {
            "unit": facts["unit_name"],
            "day": _day(facts.get("due_at")),
        }
    if event.kind == "forward":
        return _("%(body)s, hẹn %(day)s. Xã vẫn theo dõi.") % {
            "body": facts.get("body_name", ""),
            "day": _day(facts.get("child_due_at")),
        }
    if event.kind == "extend":
        why = guards.EXTEND_REASONS.get(facts.get("reason", ""), "")
        said = {"why": why, "day": _day(facts.get("due_at")), "text": event.public_text}
        return _("%(why)s. Hẹn mới: %(day)s. %(text)s") % said
    if event.kind == "reject":
        return f"{guards.REJECT_REASONS.get(facts.get('reason', ''), '')}. {event.public_text}"
    return _closing_note(report, event)


def _closing_note(report: Report, event: ReportEvent) -> str:
    if event.kind in ("answer", "relay_answer"):
        return _kept(report, event.server_time)
    if event.kind in _OF_BODY:
        return str(event.payload.get("body_name", ""))
    if event.kind in ("reopen", "follow_calendar"):
        return _("Hẹn mới: %(day)s") % {"day": _day(event.payload.get("due_at"))}
    if event.kind in ("review", "check", "give_up_waiting"):
        return event.public_text
    if event.kind == "mark_duplicate":
        return _("Theo dõi chung; mã của bà con vẫn dùng được.")
    return ""


def _sent(report: Report) -> str:
    """Say when it was seen, if that was clearly before it arrived."""
    seen = report.captured_at
    if seen is None or (report.received_at - seen).total_seconds() < 120:
        return ""
    return _("Chụp lúc %(seen)s, đến xã %(came)s") % {
        "seen": _when(seen),
        "came": dates.gio(report.received_at),
    }


def _kept(report: Report, moment: datetime) -> str:
    """Say whether the promise was kept."""
    promised = dates.ngay(report.first_due_at)
    if moment <= report.first_due_at:
        return _("Đúng hẹn (hẹn %(day)s)") % {"day": promised}
    if moment <= report.due_at:
        return _("Đúng ngày hẹn lại; hẹn đầu là %(day)s") % {"day": promised}
    return _("Muộn so với hẹn %(day)s, xã xin lỗi bà con") % {"day": promised}


def _promise(report: Report, now: datetime) -> Step:
    is_late = report.due_at < now
    note = _("Đã quá hẹn, xã đang đốc thúc.") if is_late else ""
    return Step(
        icon="clock",
        title=_("Xã trả lời"),
        time=_("Hẹn trước %(moment)s") % {"moment": dates.moment(report.due_at)},
        iso=dates.local(report.due_at).isoformat(timespec="minutes"),
        note=note,
        state="todo" if report.state == State.NEW else "now",
    )


def _when(moment: datetime) -> str:
    return f"{dates.gio(moment)}, {dates.ngay(moment)}"


def _day(stored: object) -> str:
    return dates.ngay(datetime.fromisoformat(str(stored))) if stored else ""
