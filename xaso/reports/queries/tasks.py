"""What is still to be done about answers, by whom and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.reports import catalogue
from xaso.reports.models import Answer, Feedback, ReportEvent, ReportTask, TaskKind
from xaso.reports.queries import board

MOST = 100
SUPERVISING = "reports.approve"


@dataclass(frozen=True)
class Line:
    """One task in the list."""

    id: int
    kind: str
    label: str
    code: str
    title: str
    due_at: datetime
    who: str
    is_mine: bool
    may_finish: bool


def open_tasks(commune: Commune, by: Actor) -> Sequence[Line]:
    """Return the open tasks by due moment, those nobody else may do for this official too.

    Leaders see everything; others what is theirs and what their unit promised. Three statements.
    """
    kinds = catalogue.of(commune.id)
    rows = ReportTask.objects.filter(commune=commune, done_at__isnull=True)
    rows = rows.select_related("report__village", "report__unit", "assignee")
    leads = identity.may(by, SUPERVISING)
    if not leads:
        rows = rows.filter(kind=TaskKind.FOLLOW_UP)
    found = list(rows.order_by("due_at", "id")[:MOST])
    answered = _answered({task.report_id for task in found})
    return [_line(task, kinds, by, leads=leads, answered=answered) for task in found]


def count_open(commune: Commune, by: Actor) -> int:
    """Return how many tasks wait for a leader, or for an officer's unit."""
    rows = ReportTask.objects.filter(commune=commune, done_at__isnull=True)
    if not identity.may(by, SUPERVISING):
        rows = rows.filter(kind=TaskKind.FOLLOW_UP)
    return rows.count()


def task(commune: Commune, key: int) -> ReportTask:
    """Return a task with its report and answer. Refuses with NotFound."""
    rows = ReportTask.objects.filter(commune=commune, pk=key)
    found = rows.select_related("report__village", "report__unit", "answer", "assignee").first()
    if found is None:
        raise NotFound
    return found


def opinions(answer: Answer) -> Sequence[Feedback]:
    """Return what people said about an answer, the unhappy first."""
    rows = Feedback.objects.filter(answer=answer).select_related("photo", "voice")
    return list(rows.order_by("score", "-at")[:MOST])


def reopened_with(answer: Answer) -> str:
    """Return what was said when the report was opened again after this answer, if it was."""
    rows = ReportEvent.objects.filter(
        report=answer.report_id, kind="reopen", server_time__gte=answer.answered_at
    )
    return rows.order_by("seq").values_list("internal_text", flat=True).first() or ""


def _answered(reports: set[int]) -> set[tuple[int, str]]:
    """Return which official had a part in which report's answers."""
    rows = Answer.objects.filter(report__in=reports)
    found = rows.values_list("report", "answered_by", "approved_by")
    return {(report, str(key)) for report, *keys in found for key in keys if key is not None}


def _line(
    task: ReportTask,
    kinds: catalogue.Categories,
    by: Actor,
    *,
    leads: bool,
    answered: set[tuple[int, str]],
) -> Line:
    report = task.report
    village = report.village.full_name if report.village else ""
    text = "" if report.is_sealed else (report.text or "")
    is_own = (report.pk, by.id) in answered
    is_check = task.kind == TaskKind.FOLLOW_UP
    return Line(
        id=task.pk,
        kind=task.kind,
        label=str(TaskKind(task.kind).label),
        code=report.code,
        title=board.title(text, kinds.name(report.category_id), village),
        due_at=task.due_at,
        who=str(task.assignee) if task.assignee else "",
        is_mine=str(task.assignee_id) == by.id,
        may_finish=is_check or (leads and not is_own),
    )
