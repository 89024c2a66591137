"""Tasks that follow from an answer are put on somebody's list; `reviewing` takes them off again."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, deadlines
from xaso.reports.actions import telling
from xaso.reports.models import Answer, Report, ReportTask, TaskKind

SUPERVISING = "reports.approve"


def ask_for_review(report: Report) -> ReportTask | None:
    """Have an answer looked at by a leader who neither gave nor approved one to this report.

    One open review per answer; without another leader the task waits for one, assigned to nobody.
    """
    days = catalogue.of(report.commune_id).review_days
    return _open(report, TaskKind.REVIEW, _in(report, days), reviewer(report))


def ask_to_meet(report: Report) -> ReportTask | None:
    """Have a leader meet or call the sender, once a report was reopened as often as it may."""
    days = catalogue.of(report.commune_id).meeting_days
    return _open(report, TaskKind.MEETING, _in(report, days), reviewer(report))


def check_promise(report: Report, answer: Answer) -> ReportTask | None:
    """Have the unit look, on the day an answer promised, whether it was done."""
    if answer.planned_on is None:
        return None
    due = deadlines.close_of(answer.planned_on, deadlines.calendar(report.commune_id))
    return _open(report, TaskKind.FOLLOW_UP, due, report.assignee)


def is_in_review(report: Report) -> bool:
    """Return whether somebody's objection to the answer that stands is still looked at."""
    rows = ReportTask.objects.filter(answer=report.answer_id, kind=TaskKind.REVIEW)
    return rows.filter(done_at__isnull=True).exists()


def answered_by(report: Report) -> frozenset[str]:
    """Return the keys of the officials who gave or approved an answer to a report."""
    rows = Answer.objects.filter(report=report).values_list("answered_by", "approved_by")
    return frozenset(str(key) for row in rows for key in row if key is not None)


def reviewer(report: Report) -> Official | None:
    """Return the leader with the fewest open tasks among those who had no part in the answers."""
    mine = Q(commune=report.commune_id, done_at__isnull=True)
    busy = dict(
        ReportTask.objects.filter(mine)
        .values_list("assignee")
        .annotate(n=Count("id"))
        .order_by("assignee")
    )
    excluded = answered_by(report)
    able = [one for one in _leaders(report) if str(one.pk) not in excluded]
    return min(able, key=lambda one: (busy.get(one.pk, 0), one.pk), default=None)


def _leaders(report: Report) -> Iterable[Official]:
    return identity.members(report.commune_id, permission=SUPERVISING)


def _open(report: Report, kind: str, due: datetime, assignee: Official | None) -> ReportTask | None:
    if report.answer_id is None:
        return None
    task, is_new = ReportTask.objects.get_or_create(
        commune_id=report.commune_id,
        report=report,
        answer_id=report.answer_id,
        kind=kind,
        done_at=None,
        defaults={"assignee": assignee, "due_at": due, "opened_at": clock.now()},
    )
    if is_new:
        audit.record(f"reports.task_{kind}", task, by=SYSTEM, commune=report.commune_id)
        if assignee is not None and kind != TaskKind.FOLLOW_UP:
            telling.tell_task(report, assignee)
    return task


def _in(report: Report, days: int) -> datetime:
    return deadlines.days_from(clock.now(), days, deadlines.calendar(report.commune_id))
