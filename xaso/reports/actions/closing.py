"""How a report ends: the sender is content, the window to object is over, or it is withdrawn."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.measures import actions as measures
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import clean_text, dates
from xaso.kernel.working_time import clock
from xaso.reports.actions import rejecting, steps
from xaso.reports.history import Said
from xaso.reports.models import Feedback, Outcome, Report, State

CONTENT, ACCEPTABLE, NOT_CONTENT = 2, 1, 0
REASONS = {
    "not_done": _("Chưa làm"),
    "half_done": _("Làm chưa xong"),
    "unclear": _("Trả lời khó hiểu"),
    "no_proof": _("Chưa thấy ảnh"),
    "attitude": _("Thái độ chưa tốt"),
    "wrong_place": _("Làm nhầm chỗ"),
    "other": _("Lý do khác"),
}


class NothingToRate(Refusal):
    """There is no answer to rate yet, or the window is over."""

    sentence = _("Phản ánh này chưa đến lúc đánh giá, hoặc đã hết thời gian đánh giá.")


@dataclass(frozen=True)
class Rating:
    """What somebody thinks of an answer: 2, 1 or 0; the reason matters for 0."""

    score: int
    reason: str = ""
    text: str = ""
    person: str = "sender"
    wants_reopening: bool = False


@transaction.atomic
def rate(report: Report, given: Rating, *, by: Actor) -> Report:
    """Keep what the sender thinks; content or acceptable closes, not content can reopen.

    The same person may change their mind until the report is closed: the last word counts.
    """
    current = steps.locked(report)
    now = clock.now()
    is_over = current.objection_until is not None and now > current.objection_until
    if current.answer_id is None or current.state not in (State.ANSWERED, State.CLOSED) or is_over:
        raise NothingToRate
    _row, is_first = Feedback.objects.update_or_create(
        answer_id=current.answer_id,
        person=given.person,
        defaults={
            "commune_id": current.commune_id,
            "report": current,
            "score": given.score,
            "reason_code": given.reason if given.score == NOT_CONTENT else "",
            "text": clean_text(given.text)[:1_000],
            "at": now,
        },
    )
    if is_first:
        _count(current, given.score)
    if given.wants_reopening and given.score == NOT_CONTENT:
        return rejecting.reopen(current, given.text or str(REASONS.get(given.reason, "")), by=by)
    if given.score >= ACCEPTABLE and current.state == State.ANSWERED:
        return close(current, by=by, is_content=True)
    return current


@transaction.atomic
def close(report: Report, *, by: Actor, is_content: bool = False) -> Report:
    """Close an answered report for good."""
    step = steps.begin(report, "close", by=by, is_content=is_content)
    step.report.closed_at = step.now
    return step.finish(Said(facts={"is_content": is_content}))


@transaction.atomic
def withdraw(report: Report, *, by: Actor, version: int | None = None) -> Report:
    """Take one's own report back; the fact that there was one stays."""
    step = steps.begin(report, "withdraw", by=by, version=version)
    step.report.outcome = Outcome.WITHDRAWN
    step.report.closed_at = step.now
    return step.finish()


def close_what_is_over() -> int:
    """Close answered reports whose window is over, in every commune; return how many.

    What a dead worker missed is closed the next time.
    """
    return sum(_close_in(commune.id) for commune in places.communes())


def _close_in(commune: UUID) -> int:
    with tenancy.inside(commune):
        rows = Report.objects.filter(
            commune=commune, state=State.ANSWERED, objection_until__lte=clock.now()
        )
        found = list(rows.order_by("id")[:500])
        for report in found:
            close(report, by=SYSTEM)
    return len(found)


def _count(report: Report, score: int) -> None:
    measures.count(
        "reports.rated",
        commune=report.commune_id,
        day=dates.local(clock.now()).date(),
        dims={"score": str(score), "unit": str(report.unit_id or "")},
    )
