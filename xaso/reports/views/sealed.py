"""Sealed reports at the desk: for those who may read them, and every reading is logged."""

from datetime import datetime, time
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.attachments import ranges
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.asking import ask_again, is_fresh
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, readers
from xaso.reports.models import Report, Stream
from xaso.reports.queries import sealed
from xaso.reports.views.stream_forms import DayForm

READ = "reports.work"


@may(READ)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """List the sealed reports this official may read."""
    _reader(request)
    today = dates.local(clock.now()).date()
    found = sealed.sealed_by_month(request.commune, today)
    context = {
        "reports": sealed.sealed_list(request.commune, by=request.actor),
        "now": clock.now(),
        "months": [(Stream(stream).label, n) for stream, n in found.items()],
        "least": sealed.LEAST,
    }
    return render(request, "reports/sealed/index.html", context)


@may(READ)
@require_safe
def show(request: DeskRequest, code: str) -> HttpResponse:
    """Show what a sealed report says, after asking who is there once more."""
    return _opened(request, code, "show")


@may(READ)
@require_safe
def form(request: DeskRequest, code: str) -> HttpResponse:
    """Show the paper form to print and sign."""
    return _opened(request, code, "form")


@may(READ)
@require_safe
def photo(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Return one photo or recording of a sealed report."""
    report = sealed.sealed_one(request.commune, code, by=request.actor)
    body, media_type = sealed.sealed_file(report, number, by=request.actor)
    part = ranges.piece(request.headers, BytesIO(body), len(body))
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # a part must not be compressed
    response = HttpResponse(part.body, status=part.status, headers=part.headers)
    response.headers["Content-Type"] = media_type
    return response


@may(READ)
@require_POST
def act(request: DeskRequest, code: str, what: str) -> HttpResponse:
    """Book, settle, take a tip, or put it under another stream."""
    report = sealed.sealed_one(request.commune, code, by=request.actor)
    do = _DOES.get(what)
    if do is None:
        raise NotFound
    try:
        messages.success(request, do(request, report))
    except Invalid as refusal:
        said = [each for sentences in refusal.errors.values() for each in sentences]
        messages.error(request, " ".join(said) or str(refusal.sentence))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    still = Report.objects.filter(pk=report.pk, visibility="sealed", stream__in=_mine(request))
    if readers.hide(still, request.actor).exists():
        return redirect("reports_desk:sealed", code)
    return redirect("reports_desk:inbox")


@may(READ)
def slots(request: DeskRequest) -> HttpResponse:
    """Show when leaders receive citizens, and let a day be added."""
    _reader(request)
    day = DayForm(request.POST or None)
    if day.is_valid():
        try:
            made = actions.open_day(request.commune, day.day(), by=request.actor)
        except Invalid as refusal:
            for name, said in refusal.errors.items():
                day.add_error(name, said)
        else:
            messages.success(request, _("Đã thêm %(n)s giờ tiếp dân.") % {"n": len(made)})
            return redirect("reports_desk:reception")
    today = datetime.combine(dates.local(clock.now()).date(), time.min, dates.ZONE)
    context = {"form": day, "slots": sealed.slots(request.commune, today)}
    status = 422 if day.errors else 200
    return render(request, "reports/sealed/slots.html", context, status=status)


def _opened(request: DeskRequest, code: str, page: str) -> HttpResponse:
    report = sealed.sealed_one(request.commune, code, by=request.actor)
    if not is_fresh(request):
        return ask_again(request)
    context: dict[str, Any] = {
        "it": sealed.open_sealed(report, by=request.actor),
        "slots": sealed.free_slots(request.commune),
        "streams": [(s.value, s.label) for s in Stream if s != report.stream],
        "commune": request.commune,
        "apart": sealed.kept_from(report),
        "officials": identity.members(request.commune),
        "now": clock.now(),
        "is_tip": report.stream == Stream.SECURITY_TIP,
        "crumbs": [(reverse("reports_desk:sealed_index"), _("Đơn giữ kín"))],
    }
    return render(request, f"reports/sealed/{page}.html", context)


def _mine(request: DeskRequest) -> tuple[str, ...]:
    return readers.streams_of(request.actor, request.commune.id)


def _reader(request: DeskRequest) -> None:
    if not _mine(request):
        raise NotFound


def _book(request: DeskRequest, report: Report) -> str:
    slot = request.POST.get("slot", "")
    if not (slot.isascii() and slot.isdigit() and len(slot) < 12):
        raise Refusal(_("Bác chọn một giờ."))
    booked = actions.book(report, int(slot), by=request.actor)
    when = dates.moment(booked.slot.starts_at)
    return _("Đã hẹn %(when)s. Bác gọi báo cho bà con.") % {"when": when}


def _settle(request: DeskRequest, report: Report) -> str:
    actions.settle(report, request.POST.get("paper_no", ""), by=request.actor)
    return _("Đã ghi số hồ sơ giấy và đóng đơn.")


def _take(request: DeskRequest, report: Report) -> str:
    actions.take_tip(report, by=request.actor)
    return _("Đã nhận. Nội dung không còn giữ ở đây, chỉ còn biên nhận.")


def _stream(request: DeskRequest, report: Report) -> str:
    actions.restream(report, request.POST.get("stream", ""), by=request.actor)
    return _("Đã đổi cách xử lý.")


def _keep_from(request: DeskRequest, report: Report) -> str:
    actions.keep_from(report, _number(request, "official"), by=request.actor)
    return _("Đã ghi. Người đó không thấy đơn này nữa.")


def _let_read(request: DeskRequest, report: Report) -> str:
    actions.let_read(report, _number(request, "row"), by=request.actor)
    return _("Đã ghi. Nơi đó, người đó lại đọc được đơn này.")


def _number(request: DeskRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


_DOES = {
    "hen": _book,
    "ho-so": _settle,
    "da-nhan": _take,
    "cach": _stream,
    "khong-doc": _keep_from,
    "cho-doc": _let_read,
}
