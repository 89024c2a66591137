"""The administrator's screens: the list of routing rules, its draft, the dry run; the roster."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import dates, phone
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import RoutingRule
from xaso.reports.queries import duty, rulebook
from xaso.reports.views.rule_forms import DutyForm, RuleForm, initial_of

MANAGE = "reports.manage"
ROSTER_DAYS = 28
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@may(MANAGE)
@require_safe
def rules(request: DeskRequest) -> HttpResponse:
    """Show the list in force, in words, with what is wrong in it."""
    book = rulebook.in_force(request.commune)
    context = {
        "book": book,
        "rows": rulebook.rows(request.commune, book),
        "draft": rulebook.draft(request.commune),
        "duty": _duty_names(request),
        "has_older": book is not None and rulebook.in_force(request.commune, 1) is not None,
        "may_reroute": identity.may(request.actor, "reports.assign"),
    }
    return render(request, "reports/rules/list.html", context)


@may(MANAGE)
@_form_methods
def draft(request: DeskRequest) -> HttpResponse:
    """Show the list being changed; a POST opens it as a copy of the one in force."""
    if request.method == "POST":
        actions.open_rules(request.commune, by=request.actor)
        return redirect("reports_rules:draft")
    book = rulebook.draft(request.commune)
    if book is None:
        return redirect("reports_rules:list")
    context = {
        "book": book,
        "rows": rulebook.rows(request.commune, book),
        "duty": _duty_names(request),
        "crumbs": _crumbs(),
    }
    return render(request, "reports/rules/draft.html", context)


@may(MANAGE)
@_form_methods
def one_rule(request: DeskRequest, rule: UUID | None = None) -> HttpResponse:
    """Add a rule to the draft, or change one."""
    book = rulebook.draft(request.commune)
    if book is None:
        return redirect("reports_rules:list")
    row = RoutingRule.objects.filter(book=book, key=rule).first() if rule else None
    if rule is not None and row is None:
        raise Http404
    initial = initial_of(row) if row else {"is_enabled": True}
    form = RuleForm(request.POST or None, commune=request.commune, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_rule(form.given(), commune=request.commune, by=request.actor, key=rule)
        except Invalid as refusal:
            _write(form, refusal)
        else:
            messages.success(request, _("Đã ghi vào bản đang sửa. Chưa áp dụng."))
            return redirect("reports_rules:draft")
    context = {"form": form, "row": row, "around": _around(request), "crumbs": _crumbs()}
    status = 422 if form.is_bound else 200
    return render(request, "reports/rules/rule.html", context, status=status)


@may(MANAGE)
@require_POST
def change(request: DeskRequest, rule: UUID, what: str) -> HttpResponse:
    """Move a rule of the draft up or down, or take it out."""
    if what in ("len", "xuong"):
        actions.move_rule(rule, commune=request.commune, by=request.actor, is_up=what == "len")
    elif what == "bo":
        actions.remove_rule(rule, commune=request.commune, by=request.actor)
        messages.success(request, _("Đã bỏ luật khỏi bản đang sửa."))
    else:
        raise Http404
    return redirect(f"{reverse('reports_rules:draft')}#luat-{rule}")


@may(MANAGE)
@require_POST
def discard(request: DeskRequest) -> HttpResponse:
    """Throw the draft away."""
    actions.discard_rules(commune=request.commune, by=request.actor)
    messages.success(request, _("Đã bỏ bản đang sửa. Danh sách đang áp dụng không đổi."))
    return redirect("reports_rules:list")


@may(MANAGE)
@_form_methods
def try_out(request: DeskRequest) -> HttpResponse:
    """Replay the last reports through old and new list; a POST puts the new one in force."""
    book = rulebook.draft(request.commune)
    if book is None:
        return redirect("reports_rules:list")
    if request.method == "POST":
        done = actions.publish_rules(commune=request.commune, by=request.actor)
        messages.success(request, _("Đã áp dụng danh sách luật bản %(n)s.") % {"n": done.version})
        return redirect("reports_rules:reroute")
    context = {
        "run": rulebook.dry_run(request.commune, rulebook.in_force(request.commune), book),
        "rows": [row for row in rulebook.rows(request.commune, book) if row.warnings],
        "crumbs": _crumbs(),
    }
    return render(request, "reports/rules/try.html", context)


@may(MANAGE)
@_form_methods
def reroute(request: DeskRequest) -> HttpResponse:
    """Show which open reports the new list would send elsewhere; a POST moves the chosen ones."""
    may_move = identity.may(request.actor, "reports.assign")
    if request.method == "POST" and may_move:
        keys = [int(key) for key in request.POST.getlist("report") if key.isdecimal()]
        found = rulebook.chosen(request.commune, keys)
        moved, refused = actions.reroute(found, by=request.actor)
        said = ngettext("Đã chuyển %(n)s phản ánh.", "Đã chuyển %(n)s phản ánh.", moved)
        messages.success(request, said % {"n": moved})
        for sentence in refused:
            messages.warning(request, sentence)
        return redirect("reports_rules:list")
    now, before = (rulebook.in_force(request.commune, back) for back in (0, 1))
    run = rulebook.dry_run(request.commune, before, now, is_open=True)
    context = {"run": run, "may_move": may_move, "book": now, "crumbs": _crumbs()}
    return render(request, "reports/rules/reroute.html", context)


@may(MANAGE)
@_form_methods
def roster(request: DeskRequest) -> HttpResponse:
    """Show who is on duty in the next weeks; a POST puts somebody on the roster."""
    form = DutyForm(request.POST or None, commune=request.commune)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_shifts(form.shifts(), commune=request.commune, by=request.actor)
        except Invalid as refusal:
            _write(form, refusal)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi lịch trực."))
            return redirect("reports_rules:roster")
    today = dates.local(clock.now()).date()
    days = duty.roster(request.commune, today, ROSTER_DAYS)
    context = {
        "form": form,
        "days": [(day, shifts) for day, shifts in days if shifts],
        "empty_days": [day for day, shifts in days[:7] if not shifts],
        "now_on": _duty_names(request),
        "until": today + timedelta(days=ROSTER_DAYS - 1),
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/rules/roster.html", context, status=status)


@may(MANAGE)
@require_POST
def off_duty(request: DeskRequest, shift: int) -> HttpResponse:
    """Take a shift off the roster."""
    actions.remove_shift(shift, commune=request.commune, by=request.actor)
    messages.success(request, _("Đã bỏ ca trực."))
    return redirect("reports_rules:roster")


def _duty_names(request: DeskRequest) -> list[dict[str, object]]:
    """Return who is on duty now, with the phone as it is read aloud."""
    return [
        {
            "name": str(each.official),
            "phone": phone.grouped(each.phone) if each.phone else "",
            "is_roster": each.source == duty.Source.ROSTER,
        }
        for each in duty.on_duty(request.commune, clock.now())
    ]


def _around(request: DeskRequest) -> dict[str, object]:
    """Return what the map for drawing an area shows: border and villages (degrees, WGS 84)."""
    villages = places.villages(request.commune)
    found = [{"name": v.full_name, "lat": v.lat, "lon": v.lon} for v in villages]
    return {"border": request.commune.boundary, "villages": found}


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("reports_rules:list"), _("Luật chuyển việc"))]


def _write(form: RuleForm | DutyForm, refusal: Invalid) -> None:
    if not refusal.errors:
        form.add_error(None, str(refusal))
    for name, sentences in refusal.errors.items():
        form.add_error(name if name in form.fields else None, sentences)
