"""Texts to start answers from, for whoever manages the room."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.web.http import DeskRequest, may
from xaso.reports import actions, catalogue
from xaso.reports.forms import TemplateForm
from xaso.reports.models import AnswerTemplate


@may("reports.manage")
def listed(request: DeskRequest) -> HttpResponse:
    """List the templates in use by category."""
    rows = AnswerTemplate.objects.filter(commune=request.commune, is_active=True)
    kinds = catalogue.of(request.commune.id)
    found = [
        (row, kinds.name(row.category_id) if row.category_id else _("Mọi loại việc"))
        for row in rows.order_by("category__order", "name")
    ]
    context = {"templates": found, "crumbs": _crumbs()}
    return render(request, "reports/quality/templates.html", context)


@may("reports.manage")
def write(request: DeskRequest, template: int | None = None) -> HttpResponse:
    """Write a new template or change one; what was typed stays when it is refused."""
    row = _row(request, template) if template else None
    kinds = catalogue.of(request.commune.id)
    initial = {"name": row.name, "text": row.text, "category": row.category_id or ""} if row else {}
    form = TemplateForm(request.POST or None, kinds=kinds, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        category = int(said["category"]) if said["category"] else None
        given = actions.Wording(said["name"], said["text"], category)
        try:
            actions.write_template(request.commune, given, by=request.actor, template=template)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name if name in form.fields else None, sentences)
        else:
            messages.success(request, _("Đã lưu mẫu."))
            return redirect("reports_desk:templates")
    crumbs = [*_crumbs(), (reverse("reports_desk:templates"), _("Mẫu trả lời"))]
    wrong = len(form.errors) if form.is_bound else 0
    context = {"form": form, "template": row, "crumbs": crumbs, "wrong": wrong}
    status = 422 if wrong else 200
    return render(request, "reports/quality/template.html", context, status=status)


@may("reports.manage")
@require_POST
def retire(request: DeskRequest, template: int) -> HttpResponse:
    """Take a template out of use."""
    actions.retire_template(request.commune, template, by=request.actor)
    messages.success(request, _("Đã bỏ mẫu này. Các câu trả lời cũ vẫn còn."))
    return redirect("reports_desk:templates")


def _row(request: DeskRequest, template: int) -> AnswerTemplate:
    rows = AnswerTemplate.objects.filter(commune=request.commune, is_active=True)
    found = rows.filter(pk=template).first()
    if found is None:
        raise NotFound
    return found


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("reports_desk:inbox"), _("Phản ánh"))]
