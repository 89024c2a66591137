"""The administrator's pages of the register: dated numbers, classes of spelling, odd looks."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import dates, so
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.population import rulebook, sounding
from xaso.population.actions import ruling, watching
from xaso.population.models import LookVerdict, Rule, SpellingClass, Sureness
from xaso.population.queries import breaches, processing
from xaso.population.queries import watching as watched

_TONES = {"law": "xanh", "source": "cham", "unverified": "cam", "design": "line", "commune": "line"}
_MANAGE = "population.manage"


class RuleForm(forms.Form):
    """A number from a day on."""

    amount = forms.IntegerField(label=gl("Con số"))
    valid_from = forms.DateField(
        label=gl("Áp dụng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sureness = forms.ChoiceField(label=gl("Chắc đến đâu"), choices=Sureness.choices)
    source = forms.CharField(
        label=gl("Theo văn bản nào"),
        help_text=gl("Số, ngày, cơ quan ban hành. Xã tự định thì ghi ai quyết."),
        required=False,
        max_length=300,
    )


@may(_MANAGE)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """List every dated number with how sure it is, and what it holds today."""
    held = rulebook.held(request.commune.id)
    groups = [
        (name, _(title), [_shown(each) for key, each in held.items() if key.startswith(f"{name}.")])
        for name, title in rulebook.GROUPS.items()
    ]
    unsure = sum(row["tone"] == "cam" for _name, _title, rows in groups for row in rows)
    context = {"groups": groups, "unsure": unsure}
    return render(request, "population/manage/index.html", context)


@may(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: DeskRequest, rule: str) -> HttpResponse:
    """Show one number with its dated rows; a row is added, none is changed."""
    known = rulebook.KNOWN.get(rule)
    if known is None:
        raise Http404
    now = rulebook.held(request.commune.id)[rule]
    first = {
        "amount": now.amount,
        "valid_from": dates.local(clock.now()).date(),
        "sureness": Sureness.COMMUNE,
    }
    form = RuleForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            ruling.set_rule(
                request.commune, ruling.NewRule(key=rule, **form.cleaned_data), by=request.actor
            )
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("population_manage:index")
    rows = Rule.objects.filter(commune=request.commune, key=rule).order_by("-valid_from")
    context = {
        "form": form,
        "now": _shown(now),
        "rows": [_shown(rulebook.as_held(known, row)) for row in rows],
        "crumbs": [_administration(), (reverse("population_manage:index"), _("Quy tắc dân cư"))],
    }
    status = 422 if form.errors else 200
    return render(request, "population/manage/rule.html", context, status=status)


@may(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def classes(request: DeskRequest) -> HttpResponse:
    """Show and change which spellings sound alike, and try names on it."""
    fault, status = "", 200
    lines = ruling.written(rulebook.classes(request.commune.id))
    if request.method == "POST":
        lines = request.POST.get("lines", "")[:2_000].splitlines()
        try:
            ruling.set_classes(request.commune, lines, by=request.actor)
        except Invalid as refusal:
            fault, status = " ".join(refusal.errors["lines"]), 422
        else:
            messages.success(request, _("Đã ghi. Máy đang tính lại cách đọc của các tên."))
            return redirect("population_manage:classes")
    tried = [name for name in request.GET.get("thu", "")[:200].split(",") if name.strip()]
    context = {
        "lines": "\n".join(lines),
        "fault": fault,
        "is_own": SpellingClass.objects.filter(commune=request.commune).exists(),
        "typed": request.GET.get("thu", "")[:200],
        "tried": [
            (name.strip(), sounding.sound(name, rulebook.classes(request.commune.id)))
            for name in tried
        ],
        "crumbs": [_administration(), (reverse("population_manage:index"), _("Quy tắc dân cư"))],
    }
    return render(request, "population/manage/classes.html", context, status=status)


@may("population.watch")
@require_safe
def looks(request: DeskRequest) -> HttpResponse:
    """List odd looks that wait for a word, and the last ones decided."""
    context = {
        "waiting": watched.listed(request.commune, is_open=True),
        "decided": watched.listed(request.commune, is_open=False),
        "verdicts": [pair for pair in LookVerdict.choices if pair[0]],
        "me": request.actor.id,
        "crumbs": [_administration()],
    }
    return render(request, "population/manage/looks.html", context)


@may("population.watch")
@require_POST
def decide(request: DeskRequest, alert: UUID) -> HttpResponse:
    """Say what odd looks were."""
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    try:
        watching.decide_alert(alert, verdict, note, by=request.actor)
        messages.success(request, _("Đã ghi kết luận."))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal))
    return redirect("population_manage:looks")


@may("population.processing")
@require_safe
def register(request: DeskRequest) -> HttpResponse:
    """Show the register of processing and the outline of the impact assessment, to be printed."""
    held = rulebook.held(request.commune.id)
    keys = ("rights.answer_days", "rights.stop_days", "rights.breach_hours", "watch.persons",
            "export.per_hour", "figures.least")  # fmt: skip
    context = {
        "commune": request.commune,
        "rows": processing.register(request.commune),
        "people": processing.people_held(request.commune),
        "open_alerts": watched.count_open(request.commune),
        "open_breaches": breaches.count_open(request.commune),
        "rules": [_shown(held[key]) for key in keys],
        "today": dates.local(clock.now()).date(),
        "crumbs": [],
    }
    return render(request, "population/manage/processing.html", context)


def _administration() -> tuple[str, str]:
    return reverse("desk:administration"), _("Quản trị")


def _shown(held: rulebook.Held) -> dict[str, Any]:
    known = held.known
    if known.unit == rulebook.YES:
        value = _("có") if held.amount else _("không")
    else:
        value = f"{so(held.amount)} {_(known.unit)}"
    return {
        "key": known.key,
        "name": _(known.name),
        "value": value,
        "mark": Sureness(held.sureness).label,
        "tone": _TONES[held.sureness],
        "source": held.source,
        "since": held.since,
    }
