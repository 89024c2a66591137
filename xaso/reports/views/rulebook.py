"""The administrator's rules: each with its value, from when, how sure, and where it is written."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xaso.kernel.refusals import Invalid
from xaso.kernel.text import dates, so
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, rulebook
from xaso.reports.models import Rule, Sureness
from xaso.reports.rule_defaults import GROUPS, KNOWN, PUBLICITY, UNITS, Known
from xaso.reports.views.stream_forms import RuleForm

_TONES = {"law": "xanh", "source": "cham", "unverified": "cam", "design": "line", "commune": "line"}


@may("reports.manage")
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """List every rule, the unsure ones marked."""
    rules = rulebook.of(request.commune.id)
    groups = [
        (name, _(title), [_shown(rules.held(k.key)) for k in KNOWN.values() if k.group == name])
        for name, title in GROUPS.items()
    ]
    unsure = sum(row["tone"] == "cam" for _name, _title, rows in groups for row in rows)
    return render(request, "reports/rulebook/index.html", {"groups": groups, "unsure": unsure})


@may("reports.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: DeskRequest, key: str) -> HttpResponse:
    """Show one rule with its dated rows; a new row is added, none is changed."""
    known = KNOWN.get(key)
    if known is None:
        raise Http404
    held = rulebook.of(request.commune.id).held(key)
    initial = {
        "amount": held.amount,
        "text": held.text,
        "valid_from": dates.local(clock.now()).date(),
        "sureness": Sureness.COMMUNE,
    }
    form = RuleForm(request.POST or None, known=known, initial=initial)
    if form.is_valid() and _set(request, key, form):
        messages.success(request, _("Đã ghi. Đơn đã nhận trước đó giữ ngày hẹn cũ."))
        return redirect("reports_desk:rulebook")
    rows = Rule.objects.filter(commune=request.commune, key=key).order_by("-valid_from")
    context = {
        "form": form,
        "now": _shown(held),
        "rows": [_shown(_row(known, row)) for row in rows],
        "group": _(GROUPS[known.group]),
        "crumbs": [(reverse("reports_desk:rulebook"), _("Quy tắc xử lý phản ánh"))],
    }
    status = 422 if form.errors else 200
    return render(request, "reports/rulebook/rule.html", context, status=status)


def _set(request: DeskRequest, key: str, form: RuleForm) -> bool:
    try:
        new = actions.NewRule(key=key, **form.cleaned_data)
        actions.set_rule(request.commune, new, by=request.actor)
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    return True


def _row(known: Known, row: Rule) -> rulebook.Held:
    return rulebook.Held(known, row.amount, row.text, row.sureness, row.source, row.valid_from)


def _shown(held: rulebook.Held) -> dict[str, Any]:
    known = held.known
    return {
        "key": known.key,
        "name": _(known.name),
        "value": _value(held),
        "mark": Sureness(held.sureness).label,
        "tone": _TONES[held.sureness],
        "source": held.source,
        "since": held.valid_from,
    }


def _value(held: rulebook.Held) -> str:
    known = held.known
    if held.amount is not None:
        return f"{so(held.amount)} {_(UNITS[known.unit])}"
    if known.unit == "publicity":
        return _(PUBLICITY.get(held.text, held.text))
    if known.unit == "words":
        return ", ".join(held.text.splitlines())
    return held.text or _("để trống")
