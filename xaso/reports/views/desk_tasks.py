"""Tasks that follow from answers: the list by due moment, and one task to finish."""

from datetime import datetime

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import spoken_code
from xaso.kernel.web import deadlines
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, queries, readers
from xaso.reports.actions.closing import REASONS
from xaso.reports.actions.reviewing import OUTCOMES
from xaso.reports.forms import TaskForm
from xaso.reports.models import Feedback, ReportTask, TaskKind
from xaso.reports.queries import detail, recordings, tasks
from xaso.reports.views import uploads

_ICONS = {
    TaskKind.REVIEW: "frown",
    TaskKind.MEETING: "phone",
    TaskKind.FOLLOW_UP: "calendar-clock",
}
_FACES = {0: ("frown", _("Chưa được")), 1: ("meh", _("Tạm được")), 2: ("smile", _("Hài lòng"))}


@may("reports.work")
def listed(request: DeskRequest) -> HttpResponse:
    """List the open tasks, the most urgent first."""
    now = clock.now()
    found = [_drawn(task, now) for task in tasks.open_tasks(request.commune, request.actor)]
    context = {"tasks": found, "crumbs": _crumbs()}
    return render(request, "reports/quality/tasks.html", context)


@may("reports.work")
def one(request: DeskRequest, task: int) -> HttpResponse:
    """Show a task with the answer and what people said, or finish it."""
    found = tasks.task(request.commune, task)
    form = TaskForm(request.POST or None, outcomes=OUTCOMES[found.kind])
    gathered = uploads.Gathered()
    if request.method == "POST":
        gathered = uploads.gather(request, request.actor)
        if form.is_valid() and not gathered.faults and _try(request, found, form, gathered):
            return redirect("reports_desk:tasks")
    return _page(request, found, form, gathered)


@may("reports.work")
@require_POST
def rating_said(request: DeskRequest, code: str, key: int) -> HttpResponse:
    """Write down what somebody said beside the three faces."""
    report = queries.by_code(request.commune, queries.check_code(code))
    readers.refuse_named(report, request.actor)
    try:
        actions.transcribe_rating(report, key, request.POST.get("text", ""), by=request.actor)
        messages.success(request, _("Đã chép lời."))
    except Invalid as refusal:
        messages.error(request, " ".join(refusal.errors.get("text", [])))
    return redirect("reports_desk:show", report.code)


def _try(
    request: DeskRequest, task: ReportTask, form: django_forms.Form, gathered: uploads.Gathered
) -> bool:
    said = form.cleaned_data
    photos = tuple(gathered.photos) if task.kind == TaskKind.FOLLOW_UP else ()
    finding = actions.Finding(said["outcome"], said["text"], photos)
    try:
        actions.finish_task(task, finding, by=request.actor)
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    messages.success(request, _("Đã ghi kết quả, bà con đọc được."))
    return True


def _page(
    request: DeskRequest, task: ReportTask, form: django_forms.Form, gathered: uploads.Gathered
) -> HttpResponse:
    report = queries.by_code(request.commune, task.report.code)
    readers.refuse_named(report, request.actor)
    wrong = len(form.errors) + bool(gathered.faults) if form.is_bound else 0
    context = {
        "task": task,
        "file": detail.file(report, by=request.actor, now=clock.now()),
        "form": form,
        "opinions": [_said(each) for each in tasks.opinions(task.answer)],
        "reopened_with": tasks.reopened_with(task.answer),
        "takes_photos": task.kind == TaskKind.FOLLOW_UP,
        "kept": gathered.shown(),
        "photo_faults": gathered.faults,
        "wrong": wrong,
        "crumbs": [*_crumbs(), (reverse("reports_desk:tasks"), _("Xem lại câu trả lời"))],
    }
    status = 422 if wrong else 200
    return render(request, "reports/quality/task.html", context, status=status)


def _said(each: Feedback) -> dict[str, object]:
    face, words = _FACES[each.score]
    who = _("Người gửi") if each.person == "sender" else _("Người cùng báo")
    photo = attachments.picture(each.photo, _("Ảnh bà con gửi kèm")) if each.photo else None
    return {
        "face": face,
        "words": words,
        "who": who,
        "reason": REASONS.get(each.reason_code, ""),
        "text": each.text,
        "at": each.at,
        "photo": photo,
        "voice": recordings.of_rating(each) if each.voice else None,
        "wants_reopening": each.wants_reopening,
    }


def _drawn(task: tasks.Line, now: datetime) -> dict[str, object]:
    """Return a task as `web/parts/_job.html` shows it."""
    who = task.who or _("Chưa có người khác để giao")
    said = [spoken_code.grouped(task.code), _("Giao cho bác") if task.is_mine else who]
    if not task.may_finish:
        said.append(_("Bác đã trả lời, người khác xem"))
    return {
        "title": task.title,
        "about": " · ".join(said),
        "label": task.label,
        "icon": _ICONS[TaskKind(task.kind)],
        "url": reverse("reports_desk:task", args=[task.id]),
        "chip": deadlines.chip(task.due_at, now),
        "is_late": task.due_at < now,
    }


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("reports_desk:inbox"), _("Phản ánh"))]
