"""Where a dossier is filed that is not ours: a list to search, a sheet to print and take along."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xaso.dossiers import catalogue, guiding
from xaso.dossiers.models import System
from xaso.kernel.text import dates, fold
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock


@may("dossiers.guide")
@require_safe
def choose(request: DeskRequest) -> HttpResponse:
    """List what is filed elsewhere, with its sheet; a few letters narrow it."""
    today = dates.local(clock.now()).date()
    wanted = fold(request.GET.get("tim", ""))
    rows = [
        (held, System(held.content.systems.receive).label)
        for held in catalogue.listed(request.commune.id, today)
        if guiding.is_elsewhere(held)
        and wanted in fold(f"{held.procedure.code} {held.procedure.name}")
    ]
    context = {"rows": rows, "asked": request.GET.get("tim", ""), "title": _("Nộp ở nơi khác")}
    return render(request, "dossiers/reception/guide.html", context)


@may("dossiers.guide")
@require_safe
def sheet(request: DeskRequest, code: str, dang: str) -> HttpResponse:
    """Print the sheet of one procedure."""
    held = catalogue.held(request.commune.id, code, dates.local(clock.now()).date())
    made = guiding.printed(held, dang, commune=request.commune)
    answer = HttpResponse(made.content, content_type=made.media_type)
    name = f"huong-dan-{code}.{made.name.rsplit('.')[-1]}"
    said = content_disposition_header(as_attachment=False, filename=name)
    answer["Content-Disposition"] = said or "inline"
    return answer
