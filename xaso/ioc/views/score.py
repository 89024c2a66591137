"""The score of the set 766 for those who lead: what it is, where points go, what could be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.ioc import actions, queries
from xaso.ioc.forms import BaselineForm, CorrectionForm, PortalForm, SetForm
from xaso.ioc.kpi import deeds, gathering, outcomes, scoring, versions
from xaso.ioc.kpi.definition import Definition, as_json
from xaso.ioc.models import KpiRun
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_FEW = 30  # under so many dossiers a month swings wildly


@dataclass(frozen=True)
class Line:
    """A metric as the page shows it, in Vietnamese."""

    code: str
    name: str
    part: str
    whole: str
    counted_part: Decimal | None
    counted_whole: Decimal | None
    points: Decimal | None
    maximum: int
    lost: Decimal
    portal: Decimal | None
    unsure: str
    is_convention: bool

    @property
    def differs(self) -> Decimal | None:
        """Return own minus portal beyond the portal's tolerance, or None."""
        if self.points is None or self.portal is None:
            return None
        gap = self.points - self.portal
        return gap if abs(gap) > Decimal("0.015") else None


@may("ioc.read")
@require_safe
def score(request: DeskRequest) -> HttpResponse:
    """Show a month: the running one live, an older one as it was kept."""
    today = dates.local(clock.now()).date()
    month = _month(request.GET.get("thang", ""), today)
    last = min(gathering.last_of(month), today)
    wanted = versions.in_force(request.commune, gathering.last_of(month))
    given = gathering.gather(request.commune, month, last)
    found = scoring.score(wanted, given)
    portal = queries.newest_run(request.commune, month, KpiRun.Source.PORTAL)
    progress = given.get("PROGRESS")
    context = {
        "month": month,
        "months": _months(today),
        "last": last,
        "definition": wanted,
        "note": _(wanted.note) if wanted.note else "",
        "found": found,
        "coverage": round(100 * float(found.coverage)),
        "by_convention": scoring.half_up(found.by_convention),
        "groups": _groups(found, portal),
        "deeds": deeds.offered(wanted, given),
        "outcomes": outcomes.read(request.commune, month, last, queries.baselines(request.commune)),
        "portal": portal,
        "difference": found.shown - portal.total if portal else None,
        "few": progress is not None and progress.whole < _FEW,
        "closings": queries.closings(request.commune, month),
        "is_over": gathering.last_of(month) < today,
        "past": queries.past_totals(request.commune, month),
        "portal_form": PortalForm(),
        "correction_form": CorrectionForm(),
        "may_manage": request.allowed("ioc.manage"),  # type: ignore[attr-defined]
        "crumbs": [(reverse("ioc:desk"), _("Bảng điều hành"))],
    }
    return render(request, "ioc/desk/score.html", context)


@may("ioc.read")
@require_safe
def missing(request: DeskRequest, code: str) -> HttpResponse:
    """List what a metric misses; codes alone, and a dossier opens only for who may read it."""
    today = dates.local(clock.now()).date()
    month = _month(request.GET.get("thang", ""), today)
    last = min(gathering.last_of(month), today)
    wanted = versions.in_force(request.commune, gathering.last_of(month))
    metric = next((each for each in wanted.metrics if each.code == code), None)
    if metric is None:
        raise NotFound
    context = {
        "name": _(metric.name),
        "month": month,
        "codes": gathering.missing(request.commune, month, last, code),
        "may_open": request.allowed("dossiers.read"),  # type: ignore[attr-defined]
        "crumbs": [(f"{reverse('ioc:score')}?thang={month:%Y-%m}", _("Điểm 766"))],
    }
    return render(request, "ioc/desk/missing.html", context)


@may("ioc.manage")
@require_POST
def take_portal(request: DeskRequest) -> HttpResponse:
    """Take in the portal's scores of a month from a file."""
    month = _month(request.POST.get("thang", ""), dates.local(clock.now()).date())
    form = PortalForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.take_portal_scores(
                request.commune, month, file.name, file.read(), by=request.actor
            )
            said = {"month": f"{month:%m/%Y}", "total": run.total}
            messages.success(request, _("Đã nhận điểm cổng tháng %(month)s: %(total)s.") % said)
        except Refusal as refusal:
            messages.error(request, _words(refusal))
    else:
        messages.error(request, _("Bác chọn tệp bảng điểm trước khi gửi."))
    return _back(month)


@may("ioc.manage")
@require_POST
def close(request: DeskRequest) -> HttpResponse:
    """Close a month, or compute a closed one anew with a reason."""
    month = _month(request.POST.get("thang", ""), dates.local(clock.now()).date())
    try:
        if queries.closings(request.commune, month):
            reason = request.POST.get("reason", "")
            run = actions.correct_month(request.commune, month, reason, by=request.actor)
        else:
            run = actions.close_month(request.commune, month, by=request.actor)
        said = {"month": f"{month:%m/%Y}", "total": run.total}
        messages.success(request, _("Đã chốt điểm tháng %(month)s: %(total)s.") % said)
    except Refusal as refusal:
        messages.error(request, _words(refusal))
    return _back(month)


@may("ioc.manage")
def definition(request: DeskRequest) -> HttpResponse:
    """Show the set in force with its source; publish another version from a day on."""
    wanted = versions.newest(request.commune)
    body = as_json(wanted.groups, wanted.metrics)
    form = SetForm(request.POST or None, initial={"body": body})
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.NewSet(**form.cleaned_data)
            actions.publish_set(new, commune=request.commune, by=request.actor)
            messages.success(request, _("Đã công bố phiên bản mới của bộ chỉ số."))
            return redirect("ioc:definition")
        except Refusal as refusal:
            _into(form, refusal)
    context = {
        "definition": wanted,
        "note": _(wanted.note) if wanted.note else "",
        "rows": _defined(wanted),
        "form": form,
        "crumbs": [(reverse("ioc:score"), _("Điểm 766"))],
    }
    status = 422 if form.errors else 200
    return render(request, "ioc/desk/definition.html", context, status=status)


@may("ioc.manage")
def baselines(request: DeskRequest) -> HttpResponse:
    """List the baselines in force; record another."""
    form = BaselineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.NewBaseline(**form.cleaned_data)
            actions.set_baseline(new, commune=request.commune, by=request.actor)
            messages.success(request, _("Đã ghi mốc so sánh."))
            return redirect("ioc:baselines")
        except Refusal as refusal:
            _into(form, refusal)
    context = {
        "rows": queries.baselines(request.commune),
        "form": form,
        "crumbs": [(reverse("ioc:score"), _("Điểm 766"))],
    }
    status = 422 if form.errors else 200
    return render(request, "ioc/desk/baselines.html", context, status=status)


@may("ioc.manage")
@require_POST
def take_back_baseline(request: DeskRequest, baseline: int) -> HttpResponse:
    """Stop comparing with a baseline."""
    actions.take_back_baseline(baseline, commune=request.commune, by=request.actor)
    messages.success(request, _("Đã thôi dùng mốc này. Dòng cũ vẫn lưu trong sổ."))
    return redirect("ioc:baselines")


def _groups(found: scoring.Score, portal: KpiRun | None) -> list[dict[str, object]]:
    theirs = {s.metric: s.points for s in portal.scores.all()} if portal else {}
    return [
        {
            "name": _(each.group.name),
            "shown": None if all(m.points is None for m in each.metrics) else each.shown,
            "maximum": int(each.group.maximum),
            "share": float(100 * each.points / each.group.maximum),
            "is_provisional": each.is_provisional,
            "lines": [_line(m, theirs.get(m.metric.code)) for m in each.metrics],
        }
        for each in found.groups
    ]


def _line(scored: scoring.Scored, portal: Decimal | None) -> Line:
    metric = scored.metric
    return Line(
        code=metric.code,
        name=_(metric.name),
        part=_(metric.part),
        whole=_(metric.whole),
        counted_part=scoring.half_up(scored.ratio.part) if scored.ratio else None,
        counted_whole=scoring.half_up(scored.ratio.whole) if scored.ratio else None,
        points=scored.shown,
        maximum=int(metric.maximum),
        lost=scoring.half_up(scored.lost),
        portal=scoring.half_up_decimal(portal),
        unsure=_(metric.unsure) if metric.unsure else "",
        is_convention=scored.is_convention,
    )


def _defined(wanted: Definition) -> Sequence[dict[str, object]]:
    names = {group.code: _(group.name) for group in wanted.groups}
    on_zero = {"full": _("đủ điểm"), "zero": _("0 điểm"), "not_counted": _("không tính")}
    return [
        {
            "code": m.code,
            "group": names[m.group],
            "name": _(m.name),
            "maximum": m.maximum,
            "factor": m.factor,
            "on_zero": on_zero[m.on_zero],
            "unsure": _(m.unsure) if m.unsure else "",
        }
        for m in wanted.metrics
    ]


def _month(text: str, today: date) -> date:
    """Return the first day of the month asked for ("2026-11"), the running one by default."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return gathering.month_of(today)
    return min(asked, gathering.month_of(today))


def _months(today: date) -> list[date]:
    found = [gathering.month_of(today)]
    while len(found) < 13:
        found.append(gathering.month_of(date.fromordinal(found[-1].toordinal() - 1)))
    return found


def _back(month: date) -> HttpResponse:
    return redirect(f"{reverse('ioc:score')}?thang={month:%Y-%m}")


def _words(refusal: Refusal) -> str:
    errors = getattr(refusal, "errors", {})
    return " ".join(word for words in errors.values() for word in words) or str(refusal)


def _into(form: SetForm | BaselineForm, refusal: Refusal) -> None:
    errors = getattr(refusal, "errors", {}) or {"": [str(refusal)]}
    for name, words in errors.items():
        for word in words:
            form.add_error(name if name in form.fields else None, word)
