"""One step of a report as a page: a form that keeps what was typed, and says why it was refused."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, filling, gate, queries, readers, states
from xaso.reports.actions import Stale
from xaso.reports.models import AnswerTemplate, Report
from xaso.reports.queries import detail
from xaso.reports.views import uploads, verbs

_ANSWERS = ("answer", "relay_answer")
_WITH_PHOTOS = {"tra-loi", "tra-loi-thay", "bo-sung"}


@may("reports.work")
def step(request: DeskRequest, code: str, verb: str) -> HttpResponse:
    """Show the page of a step, or take it; a refusal is said and nothing typed is lost."""
    report = queries.with_route(request.commune, queries.check_code(code))
    found = verbs.VERBS.get(verb)
    if found is None:
        raise Http404
    if report.is_sealed or readers.is_about(report, request.actor):
        raise NotFound
    if request.method != "POST":
        return _page(request, report, found, found.form(report, request, None))
    form = found.form(report, request, request.POST)
    gathered = (
        uploads.gather(request, request.actor) if verb in _WITH_PHOTOS else uploads.Gathered()
    )
    if "xem_thu" in request.POST and found.action in _ANSWERS:
        return _page(request, report, found, form, gathered)
    if form.is_valid() and not gathered.faults:
        done = _try(request, report, found, form, gathered)
        if done is not None:
            return done
    return _page(request, report, found, form, gathered, status=422)


def _try(
    request: DeskRequest,
    report: Report,
    verb: verbs.Verb,
    form: verbs.Form,
    gathered: uploads.Gathered,
) -> HttpResponse | None:
    """Take the step; return where to go, or None after writing the refusal into the form."""
    version = request.POST.get("version", "")
    doing = verbs.Doing(
        request.actor,
        int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None,
        tuple(gathered.photos),
    )
    try:
        changed = verb.do(report, form.cleaned_data, doing)
    except Invalid as refusal:
        if isinstance(refusal, actions.AnswerRefused):
            actions.count_refusal(report, refusal)
        _write(form, gathered, refusal)
        return None
    except NotFound:
        form.add_error(
            "code" if "code" in form.fields else None, _("Không có phản ánh mang mã này.")
        )
        return None
    except Stale as refusal:
        messages.warning(request, str(refusal.sentence))
        return None
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return None
    messages.success(request, str(verb.done))
    if changed.is_sealed:  # whoever sealed it may be unable to open it now
        return redirect("reports_desk:inbox")
    return redirect("reports_desk:show", report.code)


def _write(form: verbs.Form, gathered: uploads.Gathered, refusal: Invalid) -> None:
    if not refusal.errors:
        box = "code" if "code" in form.fields else None
        form.add_error(box, str(refusal.sentence))
    for name, sentences in refusal.errors.items():
        if name == "photos":
            gathered.faults.extend(sentences)
        else:
            form.add_error(name if name in form.fields else None, sentences)


def _page(  # noqa: PLR0913, PLR0917  (what one page is made of)
    request: DeskRequest,
    report: Report,
    verb: verbs.Verb,
    form: verbs.Form,
    gathered: uploads.Gathered | None = None,
    status: int = 200,
) -> HttpResponse:
    gathered = gathered or uploads.Gathered()
    allowed = {b.slug for b in verbs.buttons(report, request.actor)}
    is_asked_now = request.method != "POST"
    if verb.slug not in allowed and is_asked_now:
        row = states.TABLE.states[report.state]
        messages.warning(
            request,
            _("Không làm được bước này khi đang ở trạng thái “%(state)s”.") % {"state": row.label},
        )
        return redirect("reports_desk:show", report.code)
    current = Report.objects.only("version").get(pk=report.pk)
    context = {
        "file": detail.file(report, by=request.actor, now=clock.now()),
        "verb": verb,
        "form": form,
        "version": current.version,
        "takes_photos": verb.slug in _WITH_PHOTOS,
        "kept": gathered.shown(),
        "photo_faults": gathered.faults,
        "wrong": len(form.errors) + bool(gathered.faults) if form.is_bound else 0,
        "asks_alike": verb.action in ("accept", "mark_duplicate"),
        **(_answering(request, report, form, gathered) if verb.action in _ANSWERS else {}),
        "crumbs": [
            (reverse("reports_desk:inbox"), _("Phản ánh")),
            (reverse("reports_desk:show", args=[report.code]), report.spoken),
        ],
    }
    return render(request, "reports/desk/step.html", context, status=status)


def _templates(report: Report) -> list[AnswerTemplate]:
    rows = AnswerTemplate.objects.filter(commune=report.commune_id, is_active=True)
    return [t for t in rows if t.category_id in (None, report.category_id)]


def _answering(
    request: DeskRequest, report: Report, form: verbs.Form, gathered: uploads.Gathered
) -> dict[str, object]:
    """Return what the page of an answer shows beside the form: templates, blanks, the gate."""
    found = _templates(report)
    chosen = next((t for t in found if str(t.pk) == request.GET.get("mau", "")), None)
    names = filling.blanks(chosen.text) if chosen else []
    given = [*request.GET.getlist("o"), *[""] * len(names)]
    rules = []
    if form.is_bound and form.is_valid():
        draft = actions.Answering(photos=tuple(gathered.photos), **form.cleaned_data)
        rules = actions.preview(report, draft, by=request.actor).stored()
    return {
        "templates": found,
        "template": chosen,
        "blanks": list(zip(names, given, strict=False)),
        "rules": [(gate.NAMES[str(row["rule"])], row) for row in rules],
    }
