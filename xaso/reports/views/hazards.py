"""Alarms at the desk: one tap takes one, another warns everybody; drills."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound, Refusal, Sentence
from xaso.kernel.web.http import DeskRequest, may
from xaso.reports import actions, catalogue, queries
from xaso.reports.models import Alarm, AlarmCall, Report, Stream
from xaso.reports.queries import alarms


@may("reports.read")
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """List the alarms that have not ended, the untaken ones first, a page at a time."""
    typed = request.GET.get("trang", "1")
    page = min(int(typed), _MOST_PAGES) if typed.isascii() and typed.isdigit() and typed else 1
    page = max(page, 1)
    found = alarms.every_open(request.commune, skip=(page - 1) * alarms.PAGE)
    count = alarms.count_open(request.commune)
    kinds = [k for k in catalogue.of(request.commune.id).choices if k.stream == Stream.HAZARD]
    context = {
        "alarms": found,
        "kinds": kinds,
        "count": count,
        "newer": page - 1,
        "older": page + 1 if page * alarms.PAGE < count else 0,
    }
    return render(request, "reports/hazard/index.html", context)


@may("reports.read")
@require_safe
def one(request: DeskRequest, code: str) -> HttpResponse:
    """Show one alarm: who was called, what to press, what the loudspeaker says."""
    report = _report(request, code)
    shown = alarms.open_of(request.commune, report)
    calls = AlarmCall.objects.filter(alarm__report=report).select_related("official")
    context = {
        "report": report,
        "alarm": Alarm.objects.get(report=report),
        "shown": shown,
        "sender_phone": report.reporter.phone if report.reporter else "",
        "script": alarms.script(shown) if shown else "",
        "calls": calls,
        "crumbs": [(reverse("reports_desk:hazards"), _("Báo nguy hiểm"))],
    }
    return render(request, "reports/hazard/one.html", context)


@may("reports.read")
@require_POST
def act(request: DeskRequest, code: str, what: str) -> HttpResponse:
    """Take, confirm or end an alarm."""
    report = _report(request, code)
    known = _DOES.get(what)
    if known is None:
        raise NotFound
    do, said = known
    try:
        do(report, request.actor)
        messages.success(request, str(said))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("reports_desk:alarm", code)


@may("reports.work")
@require_POST
def drill(request: DeskRequest) -> HttpResponse:
    """Ring for an exercise: marked in every text, in no statistics."""
    kind = catalogue.of(request.commune.id).by_code.get(request.POST.get("category", ""))
    if kind is None or kind.stream != Stream.HAZARD:
        raise NotFound
    new = actions.NewReport(
        uuid=uuid4(),
        content_hash="0" * 64,
        category=kind.code,
        channel="counter",
        text=_("DIỄN TẬP"),
        is_drill=True,
    )
    report = actions.receive(new, by=request.actor, commune=request.commune).report
    messages.success(request, _("Diễn tập đã bắt đầu."))
    return redirect("reports_desk:alarm", report.code)


_MOST_PAGES = 10_000
_DOES: dict[str, tuple[Callable[[Report, Actor], Report], Sentence]] = {
    "nhan": (lambda r, by: actions.take_alarm(r, by=by), gettext_lazy("Bác đã nhận. Chuông dừng.")),
    "goi-lai": (
        lambda r, by: actions.call_back(r, by=by),
        gettext_lazy("Đã ghi. Máy đang gọi mọi người còn lại."),
    ),
    "canh-bao": (
        lambda r, by: actions.confirm_alarm(r, by=by),
        gettext_lazy("Bà con trong xã đã thấy cảnh báo."),
    ),
    "het": (lambda r, by: actions.end_alarm(r, by=by), gettext_lazy("Đã hết báo động.")),
    "nham": (
        lambda r, by: actions.end_alarm(r, by=by, is_false=True),
        gettext_lazy("Đã ghi là báo nhầm. Không ai bị trách."),
    ),
}


def _report(request: DeskRequest, code: str) -> Report:
    report = queries.by_code(request.commune, queries.check_code(code))
    if report.is_sealed or not Alarm.objects.filter(report=report).exists():
        raise NotFound
    return report
