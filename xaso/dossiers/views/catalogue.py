"""The catalogue on screen: procedures, drafts by part, checks, differences, publishing."""

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers import actions
from xaso.dossiers import catalogue as books
from xaso.dossiers.content import checks, diff, shape
from xaso.dossiers.content.shape import Content
from xaso.dossiers.forms import catalogue as forms
from xaso.dossiers.forms.content import (
    SECTIONS,
    Section,
    formset,
    section_form,
    to_boxes,
    to_plain,
    told,
)
from xaso.dossiers.models import Procedure, ProcedureVersion, Sureness
from xaso.dossiers.views import citizen
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_LARGEST = 512 * 1024
Crumbs = list[tuple[str, str]]


@may("dossiers.manage")
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """List every procedure with what holds today, what is drafted, and how sure it is."""
    today = dates.local(clock.now()).date()
    rows = Procedure.objects.filter(commune=request.commune).prefetch_related("versions")
    groups: dict[str, list[dict[str, object]]] = {}
    for each in rows:
        versions = list(each.versions.all())
        now = next((v for v in versions if _holds(v, today)), None)
        draft = next((v for v in versions if v.state == "draft"), None)
        shown = now or draft
        mark = Sureness(shown.sureness).label if shown else ""
        row: dict[str, object] = {"procedure": each, "now": now, "draft": draft, "mark": mark}
        groups.setdefault(each.field_name, []).append(row)
    context = {
        "groups": groups,
        "crumbs": _crumbs(),
        "import_form": forms.ImportForm(),
    }
    return render(request, "dossiers/catalogue/index.html", context)


@may("dossiers.manage")
def add(request: DeskRequest) -> HttpResponse:
    """Add a procedure; its first version is a draft to fill in."""
    form = forms.ProcedureForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        fields = Procedure.objects.filter(commune=request.commune, field_name=said["field_name"])
        new = actions.NewProcedure(
            said["code"],
            said["name"],
            fields.values_list("field_code", flat=True).first() or "",
            said["field_name"],
            is_national=not said["is_own"],
        )
        try:
            made = actions.add_procedure(new, Content(), by=request.actor, commune=request.commune)
        except Refusal as refusal:
            form.add_error("code", str(refusal.sentence))
        else:
            return redirect("dossiers_desk:version", made.pk)
    named = Procedure.objects.filter(commune=request.commune).order_by("field_name")
    context = {
        "form": form,
        "fields": list(named.values_list("field_name", flat=True).distinct()),
        "crumbs": _crumbs(found=None),
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/catalogue/add.html", context, status=status)


@may("dossiers.manage")
@require_safe
def procedure(request: DeskRequest, procedure: int) -> HttpResponse:
    """Show a procedure with all its versions."""
    found = _procedure(request, procedure)
    context = {
        "procedure": found,
        "versions": list(found.versions.all()),
        "crumbs": _crumbs(found=None),
    }
    return render(request, "dossiers/catalogue/procedure.html", context)


@may("dossiers.manage")
@require_POST
def draft(request: DeskRequest, procedure: int) -> HttpResponse:
    """Open the draft of a procedure, made from its newest version."""
    made = actions.open_version(_procedure(request, procedure), by=request.actor)
    return redirect("dossiers_desk:version", made.pk)


@may("dossiers.manage")
@require_safe
def version(request: DeskRequest, version: int) -> HttpResponse:
    """Show a version as a whole: its parts, what is wrong, what changed since the one before."""
    found = _version(request, version)
    content = shape.read(found.content)
    before = found.procedure.versions.filter(number__lt=found.number).order_by("-number").first()
    context = {
        "version": found,
        "content": content,
        "mark": Sureness(found.sureness).label,
        "parts": [_part(section, found.content) for section in SECTIONS.values()],
        "faults": [
            (each, SECTIONS[each.part])
            for each in checks.faults(content, is_national=found.procedure.is_national)
        ],
        "before": before,
        "changes": [
            told(each.place, each.before, each.after)
            for each in (diff.changes(before.content, found.content) if before else [])
        ],
        "publish_form": _publish_form(request),
        "crumbs": _crumbs(found=found.procedure),
    }
    return render(request, "dossiers/catalogue/version.html", context)


@may("dossiers.manage")
def edit(request: DeskRequest, version: int, part: str) -> HttpResponse:
    """Change one part of a draft; nothing typed is lost when something is wrong."""
    found, section = _version(request, version), SECTIONS.get(part)
    if section is None:
        raise Http404
    plain = found.content.get(part, [] if section.is_list else {})
    filled = _filled(section, plain, request.POST if request.method == "POST" else None)
    fault = ""
    if request.method == "POST" and filled.is_valid():
        content = found.content | {part: _said(section, filled, plain)}
        edits = request.POST.get("edits", "")
        try:
            actions.save_version(found, content, by=request.actor, edits=_number(edits))
        except Refusal as refusal:
            fault = str(refusal.sentence)
        else:
            messages.success(request, _("Đã lưu phần “%(part)s”.") % {"part": section.label})
            return redirect("dossiers_desk:version", found.pk)
    context = {
        "version": found,
        "section": section,
        "form": filled,
        "fault": fault,
        "crumbs": [
            *_crumbs(found=found.procedure),
            (reverse("dossiers_desk:version", args=[found.pk]), _name(found)),
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/catalogue/edit.html", context, status=status)


@may("dossiers.manage")
@require_safe
def preview(request: DeskRequest, version: int) -> HttpResponse:
    """Show a version as residents will read it."""
    found = _version(request, version)
    held = books.Held(found.procedure, found, shape.read(found.content))
    back = reverse("dossiers_desk:version", args=[found.pk])
    context = citizen.told(held) | {"back": back}
    return render(request, "dossiers/citizen/procedure.html", context)


@may("dossiers.manage")
@require_POST
def publish(request: DeskRequest, version: int) -> HttpResponse:
    """Publish a draft from a day on, or say what stands in the way; the day typed stays."""
    found, form = _version(request, version), forms.PublishForm(request.POST)
    asked = {"tu": request.POST.get("day", "")}
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.publish(found, said["day"], by=request.actor, leaves_gap=said["leaves_gap"])
            messages.success(request, _("Đã công bố."))
            asked = {}
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
            if isinstance(refusal, actions.LeavesGap):
                asked["trong"] = "1"
    else:
        messages.error(request, _("Chọn ngày bắt đầu dùng."))
    query = f"?{urlencode(asked)}" if asked else ""
    return redirect(reverse("dossiers_desk:version", args=[found.pk]) + query)


def _publish_form(request: DeskRequest) -> forms.PublishForm:
    """Return the form as it was sent, else from tomorrow on; a gap is asked about when found."""
    tomorrow = f"{_today() + timedelta(days=1)}"
    form = forms.PublishForm(initial={"day": request.GET.get("tu", "")[:10] or tomorrow})
    if "trong" not in request.GET:
        del form.fields["leaves_gap"]
    return form


@may("dossiers.manage")
@require_POST
def retire(request: DeskRequest, version: int) -> HttpResponse:
    """End a published version on a day."""
    found, form = _version(request, version), forms.DayForm(request.POST)
    if form.is_valid():
        try:
            actions.retire(found, form.cleaned_data["day"], by=request.actor)
            messages.success(request, _("Đã ghi ngày ngừng."))
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
    return redirect("dossiers_desk:version", found.pk)


@may("dossiers.manage")
@require_POST
def discard(request: DeskRequest, version: int) -> HttpResponse:
    """Throw a draft away."""
    found = _version(request, version)
    try:
        actions.discard_version(found, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("dossiers_desk:version", found.pk)
    return redirect("dossiers_desk:procedure", found.procedure_id)


@may("dossiers.manage")
@require_safe
def export(request: DeskRequest, version: int) -> HttpResponse:
    """Return a version as JSON, for another commune or another day."""
    found = _version(request, version)
    answer = JsonResponse(
        actions.export_version(found), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    name = f"{found.procedure.code}-{found.number}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@may("dossiers.manage")
@require_POST
def take_in(request: DeskRequest) -> HttpResponse:
    """Take a version from a JSON file into a draft."""
    form = forms.ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Chọn tệp JSON của một thủ tục."))
        return redirect("dossiers_desk:catalogue")
    try:
        made = actions.import_version(
            _json(form.cleaned_data["file"].read(_LARGEST + 1)),
            by=request.actor,
            commune=request.commune,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("dossiers_desk:catalogue")
    return redirect("dossiers_desk:version", made.pk)


# --- parts ----------------------------------------------------------------------------------------
def _filled(section: Section, plain: Any, data: Any) -> Any:  # noqa: ANN401  (form or rows)
    if section.is_list:
        rows = [to_boxes(section, row) for row in plain]
        return formset(section)(data, initial=rows, prefix="dong")
    return section_form(section)(data, initial=to_boxes(section, plain))


def _said(section: Section, filled: Any, before: Any) -> Any:  # noqa: ANN401
    if not section.is_list:
        return to_plain(section, filled.cleaned_data, before)
    rows = [
        (form.cleaned_data, before[n] if n < len(before) else {})
        for n, form in enumerate(filled.forms)
    ]
    return [
        to_plain(section, row, old)
        for row, old in rows
        if not row.get("DELETE") and str(row.get("code", "")).strip()
    ]


def _part(section: Section, content: dict[str, Any]) -> dict[str, object]:
    """Return one part as the page of a version reads it out."""
    plain = content.get(section.name, [] if section.is_list else {})
    form = section_form(section)()
    labels = {name: str(field.label) for name, field in form.fields.items()}
    if section.is_list:
        rows = [_told(section, row, form, labels) for row in plain]
        return {"section": section, "rows": rows}
    return {"section": section, "facts": _told(section, plain, form, labels)}


def _told(
    section: Section, plain: dict[str, Any], form: django_forms.Form, labels: dict[str, str]
) -> list[tuple[str, str]]:
    found = []
    for name, value in to_boxes(section, plain).items():
        field = form.fields[name]
        if isinstance(field, django_forms.BooleanField):
            shown = _("có") if value else _("không")
        elif isinstance(field, django_forms.ChoiceField):
            choices = dict(_pairs(field))
            chosen = value if isinstance(value, list) else [value]
            shown = "; ".join(choices.get(str(each), str(each)) for each in chosen)
        else:
            shown = str(value or "")
        if shown and shown != "0":
            found.append((labels[name], shown))
    return found


def _pairs(field: django_forms.ChoiceField) -> list[tuple[str, str]]:
    """Return the choices of a box as texts."""
    return [(str(key), str(label)) for key, label in list(field.widget.choices)]


# --- finding --------------------------------------------------------------------------------------
def _procedure(request: DeskRequest, key: int) -> Procedure:
    found = Procedure.objects.filter(commune=request.commune, pk=key).first()
    if found is None:
        raise NotFound
    return found


def _version(request: DeskRequest, key: int) -> ProcedureVersion:
    rows = ProcedureVersion.objects.filter(commune=request.commune).select_related("procedure")
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def _holds(version: ProcedureVersion, day: date) -> bool:
    is_out = version.state != "draft" and version.valid_from is not None
    return is_out and version.valid_from <= day < (version.valid_to or date.max)  # type: ignore[operator]


def _name(version: ProcedureVersion) -> str:
    return _("Bản %(n)s") % {"n": version.number}


def _crumbs(*, found: Procedure | bool | None = False) -> Crumbs:
    """Return the way down: administration, catalogue, procedure."""
    way = [(reverse("desk:administration"), _("Quản trị"))]
    if found is not False:
        way.append((reverse("dossiers_desk:catalogue"), _("Thủ tục")))
    if isinstance(found, Procedure):
        way.append((reverse("dossiers_desk:procedure", args=[found.pk]), found.name))
    return way


def _json(raw: bytes) -> dict[str, Any]:
    if len(raw) > _LARGEST:
        raise Invalid(_("Tệp lớn quá, nhiều nhất 512 kB."))
    try:
        found = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Invalid(_("Tệp này không phải thủ tục xuất từ Xã Số.")) from error
    return found if isinstance(found, dict) else {}


def _number(text: str) -> int | None:
    """Return a typed key, or None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _today() -> date:
    return dates.local(clock.now()).date()
