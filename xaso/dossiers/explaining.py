"""Why this date: what a resident and a lawyer read, made by the working-time engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xaso.dossiers import clocks
from xaso.dossiers.content.shape import Content
from xaso.dossiers.models import ClockLine, Dossier
from xaso.kernel.text import dates
from xaso.kernel.working_time import engine, explanation, telling
from xaso.kernel.working_time.explanation import Explanation
from xaso.kernel.working_time.telling import Told

Effect = ClockLine.Effect


@dataclass(frozen=True)
class Why:
    """The page's parts: a sentence above, the days, what moved the date, the law below."""

    lead: str
    rows: Sequence[Told]
    moves: Sequence[str]
    law: str


def why(dossier: Dossier, content: Content, lines: Sequence[ClockLine]) -> Why | None:
    """Return why a dossier is due when it is; None before it was accepted."""
    if dossier.promise_at is None or dossier.accepted_at is None:
        return None
    by = clocks.frozen(dossier)
    due, pauses = clocks.stored(dossier), tuple(clocks.pauses(lines))
    moved = [each for each in lines if each.effect in (Effect.EXTEND, Effect.CALENDAR)]
    table = explanation.rows(by, due, pauses)
    told = Explanation(
        due=due,
        rows=table,
        pauses=pauses,
        legal_basis="; ".join(content.text.legal_basis),
        sureness="unverified" if content.identity.sureness == "unverified" else "",
        calendar_version=dossier.calendar_version,
        is_provisional=dossier.is_provisional,
    )
    rows = telling.rows(told) if not (moved or content.time.reduction) else _plain(told)
    return Why(telling.lead(told), rows, moves(dossier, content, lines), telling.law(told))


def moves(dossier: Dossier, content: Content, lines: Sequence[ClockLine]) -> list[str]:
    """Return what made the date what it is, oldest first, each as a sentence."""
    said = []
    time = content.time
    if time.reduction and time.unit != engine.Unit.SAME_DAY.value:
        text = _("Xã hẹn sớm hơn quy định %(n)s.")
        said.append(text % {"n": telling.term(engine.Unit(time.unit), time.reduction)})
    ordered = sorted(lines, key=lambda each: each.pk or 0)
    said += [sentence for line in ordered if (sentence := _move(line, content))]
    if dossier.paused_at is not None:
        text = _("Đồng hồ đang dừng từ %(since)s; chưa có ngày hẹn cho tới khi chạy lại.")
        said.append(text % {"since": dates.moment(dossier.paused_at, year=True)})
    return said


def _move(line: ClockLine, content: Content) -> str:
    due = dates.moment(line.promise_at, year=True) if line.promise_at else ""
    if line.effect == Effect.PAUSE and line.to_at is not None:
        text = _("Dừng %(time)s, từ %(since)s đến %(until)s, vì chờ bà con. Hẹn thành %(due)s.")
        facts = {
            "time": telling.working_days(line.minutes or 0),
            "since": dates.moment(line.from_at),
            "until": dates.moment(line.to_at),
            "due": due,
        }
        return text % facts
    if line.effect == Effect.VERIFY and content.time.verify is not None:
        rule = content.time.verify
        term = telling.term(engine.Unit(rule.unit), rule.n)
        if rule.kind == "extend_by":
            text = _("Phải xác minh: thêm %(term)s (%(law)s). Hẹn thành %(due)s.")
        else:
            text = _("Phải xác minh: cả thảy không quá %(term)s (%(law)s). Hẹn thành %(due)s.")
        return text % {"term": term, "law": rule.source or "-", "due": due}
    if line.effect == Effect.EXTEND:
        text = _("Xã xin lỗi và hẹn lại: %(reason)s. Hẹn thành %(due)s.")
        return text % {"reason": line.reason.rstrip("."), "due": due}
    if line.effect == Effect.CALENDAR:
        text = _("Lịch làm việc của xã đổi (bản %(n)s). Hẹn thành %(due)s.")
        return text % {"n": line.calendar_version, "due": due}
    return ""


def _plain(told: Explanation) -> list[Told]:
    """Return the days without the sum: an extension names a day, it does not count hours."""
    rows = telling.rows(told)
    end = rows[-1]
    return [*rows[:-1], Told(end.day, end.what, "", end.state)]
