"""The administrator's templates: what is in force, a trial print, a version of one's own."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.documents import actions, queries
from xaso.documents.forms import PublishForm, TemplateFileForm
from xaso.documents.models import TemplateVersion
from xaso.documents.queries import InForce
from xaso.documents.rendering import sheets
from xaso.documents.rendering.sheets import ROLL
from xaso.documents.views.papers import as_file
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

MANAGE = "documents.manage"
_MARKS = {
    "law": (gettext_lazy("Theo văn bản luật"), "xanh"),
    "source": (gettext_lazy("Theo nguồn khác"), "cham"),
    "unverified": (gettext_lazy("Chưa đối chiếu"), "cam"),
    "commune": (gettext_lazy("Xã tự lập"), "line"),
}
TRIAL = "IN THỬ"


@may(MANAGE)
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """List the forms in force today and the commune's own versions."""
    found = queries.forms(_today(), commune=request.commune)
    own = list(queries.template_versions(request.commune))
    context = {
        "forms": [_row(each) for each in found],
        "unsure": sum(each.sheet.sureness == "unverified" for each in found),
        "own": own,
        "form": TemplateFileForm(),
        "crumbs": _crumbs(),
    }
    return render(request, "documents/desk/templates.html", context)


@may(MANAGE)
@require_POST
def upload(request: DeskRequest) -> HttpResponse:
    """Keep a template as a draft, or say what is wrong with it."""
    form = TemplateFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            row = actions.upload_template(
                form.cleaned_data["file"], commune=request.commune, by=request.actor
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            messages.success(request, _("Đã nhận mẫu. Bác in thử, xem kỹ rồi cho áp dụng."))
            return redirect("documents:template", row.pk)
    context = {"form": form, "crumbs": [*_crumbs(), (reverse("documents:templates"), _here())]}
    return render(request, "documents/desk/template_upload.html", context, status=422)


@may(MANAGE)
@require_safe
def version(request: DeskRequest, template: int) -> HttpResponse:
    """Show one version of the commune's own."""
    return _page(request, _own(request, template), PublishForm(initial={"valid_from": _today()}))


@may(MANAGE)
@require_http_methods(["POST"])
def publish(request: DeskRequest, template: int) -> HttpResponse:
    """Put a version in force from a day."""
    row, form = _own(request, template), PublishForm(request.POST)
    if form.is_valid():
        try:
            actions.publish_template(row, form.cleaned_data["valid_from"], by=request.actor)
        except Refusal as refusal:
            form.add_error("valid_from", str(refusal.sentence))
        else:
            messages.success(request, _("Mẫu sẽ dùng từ ngày đã chọn."))
            return redirect("documents:templates")
    return _page(request, row, form)


@may(MANAGE)
@require_POST
def discard(request: DeskRequest, template: int) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_template(_own(request, template), by=request.actor)
    messages.success(request, _("Đã bỏ bản mẫu này."))
    return redirect("documents:templates")


@may(MANAGE)
@require_safe
def preview(request: DeskRequest, form: str, ext: str) -> HttpResponse:
    """Print the form in force with its sample."""
    return _tried(queries.template(form, _today(), commune=request.commune), ext)


@may(MANAGE)
@require_safe
def try_out(request: DeskRequest, template: int, ext: str) -> HttpResponse:
    """Print one of the commune's own versions with its sample."""
    row = _own(request, template)
    return _tried(InForce(sheets.read(row.text), row.valid_from or _today(), row), ext)


@may(MANAGE)
@require_safe
def download(request: DeskRequest, form: str) -> HttpResponse:
    """Give the template in force as the file one edits."""
    found = queries.template(form, _today(), commune=request.commune)
    response = HttpResponse(found.sheet.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.sheet.code}.toml"'
    return response


def _tried(found: InForce, ext: str) -> HttpResponse:
    if ext not in actions.OUTPUTS:
        raise Http404
    return as_file(actions.made(found, found.sheet.sample, ext, mark=TRIAL))


def _page(request: DeskRequest, row: TemplateVersion, form: PublishForm) -> HttpResponse:
    sheet = sheets.read(row.text)
    context = {
        "row": row,
        "sheet": sheet,
        "has_roll": ROLL in sheet.papers,
        "mark": _marked(sheet.sureness),
        "form": form,
        "crumbs": [*_crumbs(), (reverse("documents:templates"), _here())],
    }
    return render(
        request, "documents/desk/template.html", context, status=422 if form.errors else 200
    )


def _own(request: DeskRequest, template: int) -> TemplateVersion:
    row = queries.template_versions(request.commune).filter(pk=template).first()
    if row is None:
        raise NotFound
    return row


def _row(found: InForce) -> dict[str, Any]:
    return {
        "sheet": found.sheet,
        "since": found.valid_from,
        "version": found.version,
        "has_roll": ROLL in found.sheet.papers,
        "mark": _marked(found.sheet.sureness),
    }


def _marked(sureness: str) -> dict[str, str]:
    text, tone = _MARKS[sureness]
    return {"text": str(text), "tone": tone}


def _today() -> date:
    return dates.local(clock.now()).date()


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("desk:administration"), _("Quản trị"))]


def _here() -> str:
    return _("Mẫu giấy tờ")
