"""A person finishes a task that followed from an answer, and says how it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.refusals import NotFound, Refusal, Sentence
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports import privacy
from xaso.reports.actions import photographs, rejecting, steps, tasks
from xaso.reports.history import Said
from xaso.reports.models import Photo, Report, ReportTask, TaskKind

STANDS, REOPENED, MET, UNREACHED = "stands", "reopened", "met", "unreached"
DONE, NOT_DONE = "done", "not_done"
OUTCOMES: dict[str, dict[str, Sentence]] = {
    TaskKind.REVIEW: {
        REOPENED: _("Bà con nói đúng, mở lại để làm tiếp"),
        STANDS: _("Câu trả lời đã đúng, giữ nguyên"),
    },
    TaskKind.MEETING: {
        MET: _("Đã gặp hoặc gọi, bà con hiểu"),
        REOPENED: _("Đã gặp hoặc gọi, mở lại để làm tiếp"),
        UNREACHED: _("Không liên lạc được"),
    },
    TaskKind.FOLLOW_UP: {
        DONE: _("Đã làm xong như đã hẹn"),
        NOT_DONE: _("Chưa làm được"),
    },
}
STEPS = {TaskKind.REVIEW: "review", TaskKind.MEETING: "review", TaskKind.FOLLOW_UP: "check"}


class AlreadyDone(Refusal):
    """Somebody finished the task before."""

    sentence = _("Việc này đã có người làm xong. Bác xem lại danh sách.")


class NoOutcome(Refusal):
    """It was not said how it went."""

    sentence = _("Bác chọn kết quả.")
    status = 422


@dataclass(frozen=True)
class Finding:
    """How a task went: the outcome, words for the resident, photos of what was done."""

    outcome: str
    text: str
    photos: Sequence[Attachment] = ()


@transaction.atomic
def finish_task(task: ReportTask, found: Finding, *, by: Actor) -> ReportTask:
    """Finish a task. The words are public: the sender learns what came of their objection.

    A review or meeting may reopen the report; a promise not kept goes to a leader. Refuses with
    AlreadyDone, NoOutcome, and as every step: whoever gave the answer never reviews it.
    """
    report = steps.locked(Report(pk=task.report_id, commune_id=task.commune_id))
    current = ReportTask.objects.select_for_update().filter(pk=task.pk, report=report).first()
    if current is None:
        raise NotFound
    if current.done_at is not None:
        raise AlreadyDone
    if found.outcome not in OUTCOMES[current.kind]:
        raise NoOutcome
    report = _told(report, current, found, by)
    current.done_at, current.outcome = clock.now(), found.outcome
    current.done_by = Official.objects.filter(pk=by.id).first()
    current.text = clean_text(found.text)[:2_000]
    current.save()
    audit.record("reports.task_done", current, by=by, commune=current.commune_id)
    _follow_on(report, current, found, by)
    return current


def _told(report: Report, task: ReportTask, found: Finding, by: Actor) -> Report:
    """Write the step into the history."""
    known = tasks.answered_by(report)
    action = STEPS[TaskKind(task.kind)]
    step = steps.take(report, action, by=by, text=found.text, answered_by=known)
    if task.kind == TaskKind.FOLLOW_UP:
        _show(step, task, found)
    said = {"task": task.pk, "kind": task.kind, "outcome": found.outcome}
    words = privacy.mask(clean_text(found.text)[:1_000])
    return step.finish(Said(public=words, facts=said))


def _show(step: steps.Step, task: ReportTask, found: Finding) -> None:
    """Publish the photos of what was promised: the official who sends them has looked at them."""
    rows = photographs.keep(step.report, found.photos, Photo.Role.AFTER, task.answer)
    Photo.objects.filter(pk__in=[photo.pk for photo in rows]).update(
        moderation=Photo.Moderation.OK,
        public_file=F("attachment"),
        moderated_by=step.by.id,
        moderated_at=step.now,
    )
    for file in found.photos:
        attachments.publish(file, by=step.by)


def _follow_on(report: Report, task: ReportTask, found: Finding, by: Actor) -> None:
    if found.outcome == REOPENED and report.state != "in_progress":
        rejecting.reopen(report, found.text, by=by)
    elif found.outcome == NOT_DONE:
        tasks.ask_for_review(report)
