"""Dossiers whose time is over: rules, what is due, lists to decide about, what is held."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.dossiers import keeping, queries
from xaso.dossiers.actions import keeping as actions
from xaso.dossiers.models import (
    DossierHold,
    ErasureList,
    KeepingRule,
    Procedure,
    Sureness,
)
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may

_SEE, _DECIDE = "dossiers.retain", "dossiers.erase"
_SHOWN = 100
_DAY = {"type": "date"}


class RuleForm(forms.Form):
    """How long, from when, and where it stands written."""

    kind = forms.ChoiceField(
        label=gl("Cho cái gì"), choices=KeepingRule.Kind.choices, required=False
    )
    procedure = forms.ChoiceField(label=gl("Thủ tục"), required=False)
    months = forms.IntegerField(label=gl("Giữ bao nhiêu tháng sau khi xong (0: giữ mãi)"))
    valid_from = forms.DateField(
        label=gl("Áp dụng từ ngày"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    sureness = forms.ChoiceField(label=gl("Chắc đến đâu"), choices=Sureness.choices)
    source = forms.CharField(label=gl("Theo văn bản nào"), max_length=300)


class HoldForm(forms.Form):
    """Which dossier is kept as evidence, why and until when."""

    code = forms.CharField(label=gl("Mã hồ sơ"), max_length=60)
    reason = forms.CharField(label=gl("Vì sao giữ"), max_length=500)
    until = forms.DateField(
        label=gl("Giữ đến hết ngày"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


@may(_SEE)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """Show the rules, what is due by them, lists and holds; nobody's name."""
    return _page(request)


@may(_DECIDE)
@require_POST
def set_rule(request: DeskRequest) -> HttpResponse:
    """Let a rule hold from a day on."""
    form = _rule_form(request, request.POST)
    if form.is_valid():
        try:
            new = actions.NewKeeping(**form.cleaned_data)
            actions.set_keeping(request.commune, new, by=request.actor)
        except Invalid as refusal:
            _faults(form, refusal)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("dossiers_keeping:index")
    return _page(request, rule=form)


@may(_SEE)
@require_POST
def hold(request: DeskRequest) -> HttpResponse:
    """Keep one dossier as evidence."""
    form = HoldForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            found = queries.by_code(request.commune, said["code"])
            actions.hold(found, said["reason"], said["until"], by=request.actor)
        except Invalid as refusal:
            _faults(form, refusal)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("Hồ sơ được giữ."))
            return redirect("dossiers_keeping:index")
    return _page(request, held=form)


@may(_SEE)
@require_POST
def end_hold(request: DeskRequest, hold: int) -> HttpResponse:
    """Let a dossier go by the rules again."""
    actions.end_hold(hold, by=request.actor)
    messages.success(request, _("Đã thôi giữ."))
    return redirect("dossiers_keeping:index")


@may(_SEE)
@require_POST
def propose(request: DeskRequest) -> HttpResponse:
    """Make a list of what is due, to be decided about."""
    try:
        actions.propose_erasing(request.commune, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("dossiers_keeping:index")


@may(_DECIDE)
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: DeskRequest, erasure: UUID) -> HttpResponse:
    """Show one list with its lines, and decide about it."""
    row = ErasureList.objects.filter(commune=request.commune, pk=erasure).first()
    if row is None:
        raise NotFound
    fault = ""
    if request.method == "POST":
        is_approved = request.POST.get("viec") == "huy"
        try:
            actions.decide_erasing(
                row.pk, request.POST.get("note", ""), is_approved=is_approved, by=request.actor
            )
        except Refusal as refusal:
            errors = getattr(refusal, "errors", {})
            fault = " ".join(errors.get("note", [str(refusal)]))
        else:
            messages.success(request, _("Đã ghi quyết định."))
            return redirect("dossiers_keeping:one", row.pk)
    context = {
        "list": row,
        "lines": row.lines.all(),
        "fault": fault,
        "crumbs": [(reverse("dossiers_keeping:index"), _("Lưu giữ và hủy hồ sơ"))],
    }
    return render(request, "dossiers/keeping/list.html", context, status=422 if fault else 200)


def _page(
    request: DeskRequest, *, rule: RuleForm | None = None, held: HoldForm | None = None
) -> HttpResponse:
    due = keeping.due(request.commune.id, most=_SHOWN * 5)
    agreed = keeping.agreements_due(request.commune.id)
    rules_of = [each.rule for each in due] + [each.rule for each in agreed]
    names = dict(Procedure.objects.filter(commune=request.commune).values_list("code", "name"))
    rules = [
        (
            names.get(code, code) if code else _("Mọi thủ tục khác"),
            row,
            Sureness(row.sureness).label,
        )
        for code, row in sorted(keeping.rules(request.commune.id).items())
    ]
    nightly = keeping.nightly(request.commune.id)
    rules += [(row.name, row.rule, Sureness(row.rule.sureness).label) for row in nightly]
    holds = DossierHold.objects.filter(commune=request.commune, ended_at__isnull=True)
    context = {
        "rules": rules,
        "nightly": nightly,
        "due": due[:_SHOWN],
        "sure": sum(each.rule.is_sure for each in due),
        "agreed": sum(each.rule.is_sure for each in agreed),
        "unsure": sum(not rule.is_sure for rule in rules_of),
        "lists": ErasureList.objects.filter(commune=request.commune).order_by("-made_at")[:20],
        "holds": holds.select_related("dossier", "held_by").order_by("until"),
        "rule_form": rule or _rule_form(request, None),
        "hold_form": held or HoldForm(),
        "may_decide": request.allowed(_DECIDE),  # type: ignore[attr-defined]
        "crumbs": [(reverse("desk:administration"), _("Quản trị"))],
    }
    is_wrong = bool((rule and rule.errors) or (held and held.errors))
    return render(request, "dossiers/keeping/index.html", context, status=422 if is_wrong else 200)


def _rule_form(request: DeskRequest, said: Any) -> RuleForm:  # noqa: ANN401  (what was sent)
    today: date = keeping.today()
    form = RuleForm(said, initial={"valid_from": today, "sureness": Sureness.SOURCE})
    names = Procedure.objects.filter(commune=request.commune).values_list("code", "name")
    form.fields["procedure"].choices = [("", _("Mọi thủ tục khác")), *names]  # type: ignore[attr-defined]
    return form


def _faults(form: forms.Form, refusal: Invalid) -> None:
    if not refusal.errors:
        form.add_error(None, str(refusal))
    for name, sentences in refusal.errors.items():
        form.add_error(name, sentences)
