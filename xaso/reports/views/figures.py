"""Figures for officials: heat map, trend, tables, files to take along, and the sheet of the day."""

from datetime import date, timedelta

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xaso.kernel.audit import actions as audit
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue, tables
from xaso.reports.models import Stream
from xaso.reports.queries import exporting, insight, sheets
from xaso.reports.views import charts, desk

_PERIODS = {
    7: gettext_lazy("7 ngày"),
    30: gettext_lazy("30 ngày"),
    90: gettext_lazy("90 ngày"),
    365: gettext_lazy("Một năm"),
}
_OPEN_STREAMS = {Stream.FIELD, Stream.REGULATION, Stream.HAZARD}


@may("reports.read")
def figures(request: DeskRequest) -> HttpResponse:
    """Show a period: what came and was answered, by village, by kind, and where it gathers."""
    kinds = catalogue.of(request.commune.id)
    shown = [kind for kind in kinds.choices if kind.stream in _OPEN_STREAMS]
    kind = next((k for k in shown if k.code == request.GET.get("loai", "")), None)
    now = clock.now()
    today = dates.local(now).date()
    asked = request.GET.get("ngay", "")
    days = int(asked) if asked in {str(n) for n in _PERIODS} else 30
    period = insight.Period(today - timedelta(days=days - 1), today, kind.id if kind else None)
    seen = insight.insight(request.commune, period, kinds, now)
    readable = {each.id for each in shown}
    context = {
        "now": now,
        "seen": seen,
        "kinds": [each for each in seen.kinds if each.key in readable],
        "chart": charts.bars(seen.bars),
        "map": charts.heat(request.commune, seen),
        "hot": [spot for spot in seen.spots if spot.is_hot],
        "days": days,
        "day_choices": list(_PERIODS.items()),
        "kind_choices": [(each.code, each.name) for each in shown],
        "kind": kind.code if kind else "",
        "crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))],
        "may_export": request.allowed("reports.export"),  # type: ignore[attr-defined]
        "first": period.first,
        "last": period.last,
    }
    return render(request, "reports/desk/figures.html", context)


@may("reports.export")
@fresh
def export(request: DeskRequest) -> HttpResponse:
    """Hand out the reports of a filter and a period as a file; who took what is written down."""
    form = request.GET.get("dang", tables.CSV)
    if form not in (tables.CSV, tables.XLSX, tables.GEOJSON):
        raise Invalid(_("Bác chọn dạng tệp: bảng CSV, bảng XLSX hoặc tệp bản đồ."))
    between = _between(request)
    wanted = desk.wanted(request, is_all=True)
    rows = exporting.staff_rows(request.commune, wanted, between, by=request.actor)
    body = tables.written(form, list(exporting.STAFF), rows)
    taken = {"form": form, "first": between.first.isoformat(), "last": between.last.isoformat()}
    audit.record(
        "reports.exported", request.commune, by=request.actor, commune=request.commune.id,
        changes=taken,
    )  # fmt: skip
    name = f"phan-anh-{request.commune.slug}-{between.first}-{between.last}.{form}"
    headers = {"Content-Disposition": str(content_disposition_header(True, name))}  # noqa: FBT003
    return HttpResponse(body, content_type=tables.TYPES[form], headers=headers)


@may("reports.read")
def sheet(request: DeskRequest) -> HttpResponse:
    """Show the day's work on paper, large, each with a code that opens it on a phone."""
    whose = request.GET.get("cua", sheets.MINE)
    whose = whose if whose in sheets.WHOSE else sheets.MINE
    now = clock.now()
    found = sheets.of_day(request.commune, whose, by=request.actor, now=now)
    jobs = [(job, _qr(request, job.code)) for job in found.jobs]
    addresses = [
        {"url": f"{request.path}?cua={name}", "text": label, "is_on": name == whose}
        for name, label in sheets.WHOSE.items()
    ]
    context = {
        "now": now, "jobs": jobs, "left_out": found.left_out, "picks": addresses,
        "whose": sheets.WHOSE[whose], "crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))],
    }  # fmt: skip
    return render(request, "reports/desk/sheet.html", context)


@may("reports.read")
@require_POST
def keep_filter(request: DeskRequest) -> HttpResponse:
    """Keep the filter on the screen under a name."""
    query = request.POST.get("query", "")
    actions.keep_filter(
        request.POST.get("name", ""), query, by=request.actor, commune=request.commune
    )
    return redirect(f"{reverse('reports_desk:inbox')}?{query}")


@may("reports.read")
@require_POST
def drop_filter(request: DeskRequest, key: int) -> HttpResponse:
    """Forget a kept filter."""
    actions.drop_filter(key, by=request.actor, commune=request.commune)
    return redirect("reports_desk:inbox")


def _between(request: DeskRequest) -> exporting.Between:
    """Return the days asked for; the last thirty when none are."""
    today = dates.local(clock.now()).date()
    last = _day(request.GET.get("den", "")) or today
    first = _day(request.GET.get("tu", "")) or last - timedelta(days=29)
    if first > last:
        raise Invalid(_("Ngày đầu phải trước ngày cuối. Bác chọn lại giúp."))
    return exporting.Between(first, last)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Ngày chưa đúng. Bác chọn lại, ví dụ 2026-11-01.")) from None


def _qr(request: DeskRequest, code: str) -> SafeString:
    url = request.build_absolute_uri(reverse("reports_desk:show", args=[code]))
    drawn = segno.make(url, error="m", micro=False)
    return SafeString(drawn.svg_inline(scale=2, border=2, omitsize=True))
