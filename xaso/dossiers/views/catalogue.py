"""The catalogue on screen: procedures, drafts by part, checks, differences, publishing."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

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
from xaso.dossiers.forms import catalogue as forms
from xaso.dossiers.forms.content import SECTIONS, Section, formset, section_form, to_boxes, to_plain
from xaso.dossiers.models import Absence, Procedure, ProcedureVersion, Sureness
from xaso.kernel.identity import queries as identity
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
    context = {"groups": groups, "crumbs": _crumbs(), "import_form": forms.ImportForm()}
    return render(request, "dossiers/catalogue/index.html", context)


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
        "faults": checks.faults(content, is_national=found.procedure.is_national),
        "before": before,
        "changes": diff.changes(before.content, found.content) if before else [],
        "publish_form": forms.DayForm(initial={"day": _today() + timedelta(days=1)}),
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
        content = found.content | {part: _said(section, filled)}
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
@require_POST
def publish(request: DeskRequest, version: int) -> HttpResponse:
    """Publish a draft from a day on, or say what stands in the way."""
    found, form = _version(request, version), forms.DayForm(request.POST)
    if form.is_valid():
        try:
            actions.publish(found, form.cleaned_data["day"], by=request.actor)
            messages.success(request, _("Đã công bố."))
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
    else:
        messages.error(request, _("Chọn ngày bắt đầu dùng."))
    return redirect("dossiers_desk:version", found.pk)


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


@may("dossiers.manage")
def settings(request: DeskRequest) -> HttpResponse:
    """Show and change what the commune decides about its centre."""
    known = books.settings_of(request.commune.id)
    names = forms.SettingsForm.base_fields
    initial = {name: getattr(known, name) for name in names}
    form = forms.SettingsForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            new = actions.Settings(**form.cleaned_data)
            actions.set_settings(request.commune, new, by=request.actor)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("dossiers_desk:settings")
    context = {"form": form, "crumbs": _crumbs(found=None)}
    status = 422 if form.errors else 200
    return render(request, "dossiers/catalogue/settings.html", context, status=status)


@may("dossiers.manage")
def absences(request: DeskRequest) -> HttpResponse:
    """Show who is away and who stands in; note somebody, or that they came back."""
    people = [(o.pk, str(o)) for o in identity.members(request.commune)]
    back = _number(request.POST.get("ve", ""))
    if back is not None:
        row = Absence.objects.filter(commune=request.commune, pk=back).first()
        if row is None:
            raise NotFound
        actions.end_absence(row, by=request.actor)
        return redirect("dossiers_desk:absences")
    form = forms.AbsenceForm(request.POST or None, people=people)
    if form.is_valid() and _note_away(request, form):
        messages.success(request, _("Đã ghi."))
        return redirect("dossiers_desk:absences")
    rows = Absence.objects.filter(commune=request.commune).select_related("official", "stand_in")
    context = {
        "form": form,
        "rows": list(rows.order_by("-since")[:100]),
        "now": clock.now(),
        "crumbs": _crumbs(found=None),
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/catalogue/absences.html", context, status=status)


def _note_away(request: DeskRequest, form: forms.AbsenceForm) -> bool:
    said = form.cleaned_data
    away = actions.Away(
        said["official"],
        _start(said["since"]),
        _start(said["until"] + timedelta(days=1)),
        said["stand_in"],
        said["reason"],
    )
    try:
        actions.note_absence(away, by=request.actor, commune=request.commune)
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    return True


# --- parts ----------------------------------------------------------------------------------------
def _filled(section: Section, plain: Any, data: Any) -> Any:  # noqa: ANN401  (form or rows)
    if section.is_list:
        rows = [to_boxes(section, row) for row in plain]
        return formset(section)(data, initial=rows, prefix="dong")
    return section_form(section)(data, initial=to_boxes(section, plain))


def _said(section: Section, filled: Any) -> Any:  # noqa: ANN401
    if not section.is_list:
        return to_plain(section, filled.cleaned_data)
    rows = [form.cleaned_data for form in filled.forms if form.cleaned_data]
    kept = [row for row in rows if not row.get("DELETE") and str(row.get("code", "")).strip()]
    return [to_plain(section, row) for row in kept]


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
    told = []
    for name, value in to_boxes(section, plain).items():
        field = form.fields[name]
        if isinstance(field, django_forms.BooleanField):
            shown = _("có") if value else _("không")
        elif isinstance(field, django_forms.ChoiceField):
            choices = dict(_pairs(field))
            shown = choices.get(str(value), str(value))
        else:
            shown = str(value or "")
        if shown and shown != "0":
            told.append((labels[name], shown))
    return told


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


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.ZONE)
