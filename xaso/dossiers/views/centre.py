"""What a commune decides about its centre, and who is away."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.dossiers import actions
from xaso.dossiers import catalogue as books
from xaso.dossiers.forms import catalogue as forms
from xaso.dossiers.models import Absence
from xaso.dossiers.views import people
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock


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
    context = {"form": form, "crumbs": _crumbs()}
    status = 422 if form.errors else 200
    return render(request, "dossiers/catalogue/settings.html", context, status=status)


@may("dossiers.manage")
def absences(request: DeskRequest) -> HttpResponse:
    """Show who is away and who stands in; note somebody, or that they came back."""
    who = people.offered(request.commune)
    back = request.POST.get("ve", "")
    if back.isascii() and back.isdigit() and len(back) < 12:
        row = Absence.objects.filter(commune=request.commune, pk=int(back)).first()
        if row is None:
            raise NotFound
        actions.end_absence(row, by=request.actor)
        return redirect("dossiers_desk:absences")
    form = forms.AbsenceForm(request.POST or None, people=who)
    if form.is_valid() and _note_away(request, form):
        messages.success(request, _("Đã ghi."))
        return redirect("dossiers_desk:absences")
    rows = Absence.objects.filter(commune=request.commune).select_related("official", "stand_in")
    context = {
        "form": form,
        "rows": list(rows.order_by("-since")[:100]),
        "now": clock.now(),
        "crumbs": _crumbs(),
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


def _crumbs() -> list[tuple[str, str]]:
    return [
        (reverse("desk:administration"), _("Quản trị")),
        (reverse("dossiers_desk:catalogue"), _("Thủ tục")),
    ]


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.ZONE)
