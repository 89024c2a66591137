"""How a report ends: the sender is content, the window to object is over, or it is withdrawn."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports.actions import counting, rejecting, steps, tasks
from xaso.reports.actions.given import Voice
from xaso.reports.actions.recordings import TooLongToHear
from xaso.reports.guards import MOST_REOPENINGS
from xaso.reports.history import Said
from xaso.reports.models import Answer, Feedback, Outcome, Report, ReportTask, State, TaskKind
from xaso.reports.models.recordings import LONGEST

CONTENT, ACCEPTABLE, NOT_CONTENT = 2, 1, 0
SENDER = "sender"
NO_REPLY = "no_reply"  # nobody said anything in time: never counted as content
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
    """What somebody thinks of an answer: 2, 1 or 0; the reason matters for 0.

    `person` is "sender", or the key of a follower.
    """

    score: int
    reason: str = ""
    text: str = ""
    person: str = SENDER
    wants_reopening: bool = False
    photo: Attachment | None = None
    voice: Voice | None = None


@transaction.atomic
def rate(report: Report, given: Rating, *, by: Actor) -> Report:
    """Keep what the sender or a follower thinks; the same person's last word counts.

    A recording said with it is private to officials. Refuses with NothingToRate, TooLongToHear.

    A content sender closes the report. Whoever is not content, sender or follower, sets a leader on
    it who had no part in the answer, and may reopen it; after two reopenings they get a talk.
    """
    current = steps.locked(report)
    now = clock.now()
    is_over = current.objection_until is not None and now > current.objection_until
    if given.voice is not None and given.voice.seconds > LONGEST:
        raise TooLongToHear
    if current.answer is None or current.state not in (State.ANSWERED, State.CLOSED) or is_over:
        raise NothingToRate
    _keep(current, current.answer, given)
    if given.score == NOT_CONTENT:
        return _look_again(current, given, by)
    is_settled = given.person == SENDER and current.state == State.ANSWERED
    if is_settled and not tasks.is_in_review(current):
        return close(current, by=by, is_content=True)
    return current


@transaction.atomic
def close(report: Report, *, by: Actor, is_content: bool = False) -> Report:
    """Close an answered report for good."""
    current = steps.locked(report)
    in_review = tasks.is_in_review(current)
    step = steps.take(current, "close", by=by, is_content=is_content, is_in_review=in_review)
    current.closed_at = step.now
    said = list(Feedback.objects.filter(answer=current.answer_id).values_list("score", flat=True))
    facts = {"is_content": is_content, "feedback": min(said) if said else NO_REPLY}
    return step.finish(Said(facts=facts))


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
        reviews = ReportTask.objects.filter(kind=TaskKind.REVIEW, done_at__isnull=True)
        rows = rows.exclude(Exists(reviews.filter(answer=OuterRef("answer"))))
        found = list(rows.order_by("id")[:500])
        for report in found:
            close(report, by=SYSTEM)
    return len(found)


def _keep(report: Report, answer: Answer, given: Rating) -> None:
    """Store what somebody thinks, and count it instead of what they said before."""
    before = Feedback.objects.filter(answer=answer, person=given.person).first()
    row = before or Feedback(
        commune_id=report.commune_id, report=report, answer=answer, person=given.person
    )
    if before is None or before.score != given.score:
        if before is not None:
            counting.rated(report, answer, before.score, -1)
        counting.rated(report, answer, given.score)
    is_unhappy = given.score == NOT_CONTENT
    row.score, row.at = given.score, clock.now()
    row.reason_code = (given.reason or row.reason_code) if is_unhappy else ""
    row.text = clean_text(given.text)[:1_000] or row.text
    row.photo = given.photo or row.photo
    if given.voice is not None and given.voice.attachment is not None:
        row.voice, row.voice_seconds = given.voice.attachment, min(given.voice.seconds, LONGEST)
        row.transcript, row.transcribed_by, row.transcribed_at = "", None, None
    row.wants_reopening = is_unhappy and (given.wants_reopening or row.wants_reopening)
    row.save()


def _look_again(report: Report, given: Rating, by: Actor) -> Report:
    tasks.ask_for_review(report)
    if not given.wants_reopening:
        return report
    if report.reopen_count >= MOST_REOPENINGS:
        tasks.ask_to_meet(report)
        return report
    return rejecting.reopen(report, given.text or str(REASONS.get(given.reason, "")) or "-", by=by)
