"""The administrator's screens: kinds of matters, their terms, their questions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, catalogue
from xaso.reports.models import Category, CategoryQuestion, CategoryTerm
from xaso.reports.views.kind_forms import (
    KindForm,
    NewKindForm,
    QuestionForm,
    TermForm,
    kind_as_typed,
    question_as_typed,
)

MANAGE = "reports.manage"
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@may(MANAGE)
@_form_methods
def kinds(request: DeskRequest) -> HttpResponse:
    """List the kinds by group; the switch for petitions on regulations."""
    if request.method == "POST":
        is_on = request.POST.get("regulations") == "on"
        actions.offer_regulations(request.commune, is_on=is_on, by=request.actor)
        messages.success(request, _("Đã ghi."))
        return redirect("reports_kinds:list")
    known = catalogue.of(request.commune.id)
    now, day = clock.now(), dates.local(clock.now()).date()
    groups = [
        {
            "name": group.name,
            "icon": group.icon,
            "kinds": [
                {"kind": k, "term": k.term(day), "questions": len(k.asked(now))}
                for k in known.by_id.values()
                if k.parent_id == group.id and k.terms
            ],
        }
        for group in known.by_id.values()
        if group.parent_id is None and not group.terms
    ]
    context = {"groups": groups, "offers_regulations": known.offers_regulations}
    return render(request, "reports/kinds/list.html", context)


@may(MANAGE)
@_form_methods
def add(request: DeskRequest) -> HttpResponse:
    """Add a kind with its first term."""
    today = dates.local(clock.now()).date()
    usual = {"is_publishable": True, "is_active": True, "valid_from": today, "ack_minutes": 480}
    form = NewKindForm(request.POST or None, initial=usual, **_choices(request))
    term = TermForm(request.POST or None, initial=usual | {"resolve_amount": 5})
    if form.is_valid() and term.is_valid():
        try:
            row = actions.add_kind(
                request.commune,
                form.cleaned_data["code"],
                form.given(),
                term.given(),
                by=request.actor,
            )
        except Invalid as refusal:
            _show_faults(form, refusal)
        else:
            messages.success(request, _("Đã thêm loại việc."))
            return redirect("reports_kinds:kind", row.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "term": term}
    return render(request, "reports/kinds/add.html", context, status=status)


@may(MANAGE)
@_form_methods
def kind(request: DeskRequest, category: int) -> HttpResponse:
    """Show one kind with all its terms and questions; change what it is."""
    row = _row(request, category)
    form = KindForm(request.POST or None, initial=kind_as_typed(row), **_choices(request))
    if form.is_valid():
        try:
            actions.change_kind(row, form.given(), by=request.actor)
        except Invalid as refusal:
            _show_faults(form, refusal)
        else:
            messages.success(request, _("Đã ghi, dùng cho phản ánh mới từ lúc này."))
            return redirect("reports_kinds:kind", row.pk)
    return _kind_page(request, row, form, _new_term(row))


@may(MANAGE)
@require_POST
def term(request: DeskRequest, category: int) -> HttpResponse:
    """Let another term hold from a day on."""
    row = _row(request, category)
    form = TermForm(request.POST)
    if form.is_valid():
        try:
            actions.set_term(row, form.given(), by=request.actor)
        except Refusal as refusal:
            _show_faults(form, refusal)
        else:
            messages.success(request, _("Đã ghi thời hạn mới."))
            return redirect("reports_kinds:kind", row.pk)
    details = KindForm(initial=kind_as_typed(row), **_choices(request))
    return _kind_page(request, row, details, form)


@may(MANAGE)
@_form_methods
def question(request: DeskRequest, category: int, question: int | None = None) -> HttpResponse:
    """Ask something new, or ask it otherwise from a day on."""
    row = _row(request, category)
    old = _question(row, question) if question is not None else None
    usual: dict[str, object] = {"is_asked": True, "order": row.questions.count() + 1}
    form = QuestionForm(request.POST or None, initial=question_as_typed(old) if old else usual)
    if form.is_valid():
        try:
            actions.ask(row, form.given(), by=request.actor, instead=old)
        except Invalid as refusal:
            _show_faults(form, refusal)
        else:
            messages.success(request, _("Đã ghi câu hỏi."))
            return redirect("reports_kinds:kind", row.pk)
    context = {"row": row, "form": form, "old": old}
    status = 422 if form.is_bound else 200
    return render(request, "reports/kinds/question.html", context, status=status)


@may(MANAGE)
@require_POST
def stop_asking(request: DeskRequest, category: int, question: int) -> HttpResponse:
    """Ask no longer."""
    row = _row(request, category)
    actions.stop_asking(_question(row, question), by=request.actor)
    messages.success(request, _("Đã thôi hỏi câu này. Câu trả lời cũ vẫn giữ."))
    return redirect("reports_kinds:kind", row.pk)


def _choices(request: DeskRequest) -> dict[str, Any]:
    units = list(identity.units(request.commune))
    return {"kinds": catalogue.of(request.commune.id), "units": units}


def _row(request: DeskRequest, key: int) -> Category:
    rows = Category.objects.filter(commune=request.commune, parent__isnull=False)
    return get_object_or_404(rows.select_related("parent", "commune"), pk=key)


def _question(row: Category, key: int) -> CategoryQuestion:
    found = CategoryQuestion.objects.filter(category=row, pk=key, valid_to__isnull=True).first()
    if found is None:
        raise Http404
    return found


def _new_term(row: Category) -> TermForm:
    """Return the form of a next term, filled with what holds now."""
    newest = CategoryTerm.objects.filter(category=row).order_by("-valid_from").first()
    names = ("ack_minutes", "resolve_amount", "resolve_unit", "reopen_amount", "source", "note")
    usual = {name: getattr(newest, name) for name in names} if newest else {}
    return TermForm(initial=usual)


def _kind_page(
    request: DeskRequest, row: Category, form: KindForm, next_term: TermForm
) -> HttpResponse:
    now, day = clock.now(), dates.local(clock.now()).date()
    terms = list(CategoryTerm.objects.filter(category=row).order_by("-valid_from"))
    current = next((t for t in terms if t.valid_from <= day), None)
    questions = list(row.questions.order_by("order", "id"))
    context = {
        "row": row,
        "form": form,
        "next_term": next_term,
        "terms": [{"term": t, "is_now": t is current} for t in terms],
        "questions": [q for q in questions if q.valid_to is None],
        "ended": [q for q in questions if q.valid_to is not None],
        "now": now,
    }
    status = 422 if form.is_bound or next_term.is_bound else 200
    return render(request, "reports/kinds/kind.html", context, status=status)


def _show_faults(form: "KindForm | TermForm | QuestionForm", refusal: Refusal) -> None:
    """Write what an action refused beside its box."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": [str(refusal.sentence)]}
    for name, sentences in errors.items():
        form.add_error(name if name in form.fields else None, sentences)
