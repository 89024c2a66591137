"""Rounds to the villages: plan them, announce them, work in them, close them, print the sheet."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers import actions, posters, proactive
from xaso.dossiers.forms.rounds import CancelForm, CloseForm, JoinForm, RoundForm
from xaso.dossiers.models import Round
from xaso.dossiers.queries import rounds
from xaso.dossiers.views import people
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, DeskRequest, citizen_page, may
from xaso.population import actions as population
from xaso.population.models import FieldGroup

Work = Callable[[Round, forms.Form, DeskRequest], str]


@require_safe
@citizen_page
@caching.public(60)
def public(request: CommuneRequest) -> HttpResponse:
    """Tell residents when the centre comes to their village."""
    found = rounds.public(request.commune)
    names = actions.run_here(request.commune)
    lines = [(each, [names[code] for code in each.procedures if code in names]) for each in found]
    return render(request, "dossiers/citizen/rounds.html", {"lines": lines})


@may("dossiers.read")
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """List the rounds, the latest first."""
    context = {
        "rows": rounds.listed(request.commune),
        "may_plan": request.allowed("dossiers.rounds"),  # type: ignore[attr-defined]
    }
    return render(request, "dossiers/rounds/index.html", context)


@may("dossiers.rounds")
def plan(request: DeskRequest, visit: UUID | None = None) -> HttpResponse:
    """Write a round down, or change one that has not begun."""
    known = rounds.one(request.commune, visit) if visit else None
    form = _plan_form(request, known)
    if known is None and request.method != "POST":
        form.initial.update(_another_place(request))
    if form.is_valid():
        try:
            row = _planned(request, form, known)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name if name in form.fields else None, list(sentences))
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Đã ghi đợt."))
            return redirect("dossiers_rounds:show", row.uuid)
    context = {
        "form": form,
        "title": _("Sửa đợt") if known else _("Đợt mới"),
        "crumbs": _crumbs(known),
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/rounds/plan.html", context, status=status)


@may("dossiers.read")
@require_safe
def show(request: DeskRequest, visit: UUID) -> HttpResponse:
    """Show a round: what to do now, what was received, what waits."""
    row = rounds.one(request.commune, visit)
    return _shown(request, row)


@may("dossiers.rounds")
@require_POST
def act(request: DeskRequest, visit: UUID, verb: str) -> HttpResponse:
    """Announce, open, close or cancel a round, or let dossiers join it."""
    row = rounds.one(request.commune, visit)
    if verb not in _WORK:
        raise Http404
    make, work = _WORK[verb]
    form = make(request.POST)
    if not form.is_valid():
        return _shown(request, row, **{verb: form})
    try:
        said = work(row, form, request)
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, list(sentences))
        return _shown(request, row, **{verb: form})
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, said)
    return redirect("dossiers_rounds:show", row.uuid)


@may("dossiers.remind_all")
@require_safe
def sheet(request: DeskRequest, visit: UUID) -> HttpResponse:
    """Print whom to knock at and what to bring along; everybody on it is written down as seen."""
    row = rounds.one(request.commune, visit)
    day = dates.local(row.starts_at).date()
    groups = rounds.due(row, day)
    for group in groups:
        people = [each.person for each in group.people]
        purpose = population.Purpose(proactive.PURPOSE, f"round:{row.pk}:{group.rule.code}")
        population.saw_many(people, [FieldGroup.BASIC], purpose, by=request.actor)
    context = {
        "round": row,
        "groups": groups,
        "results": list(rounds.to_bring(row).select_related("village").order_by("village", "id")),
        "crumbs": _crumbs(row),
    }
    return render(request, "dossiers/rounds/sheet.html", context)


@may("dossiers.read")
@require_safe
def poster(request: DeskRequest, visit: UUID) -> HttpResponse:
    """Print the page to hang up in the village."""
    row = rounds.one(request.commune, visit)
    try:
        made = posters.printed(row, "docx" if "docx" in request.GET else "pdf")
    except posters.NothingToHangUp as refusal:
        messages.warning(request, str(refusal.sentence))
        return redirect("dossiers_rounds:show", row.uuid)
    answer = HttpResponse(made.content, content_type=made.media_type)
    name = f"ap-phich-{dates.local(row.starts_at):%d-%m-%Y}.{made.name.rsplit('.')[-1]}"
    said = content_disposition_header(as_attachment=False, filename=name)
    answer["Content-Disposition"] = said or "inline"
    return answer


def chosen(request: DeskRequest) -> Round | None:
    """Return the open round a page of the counter was entered from, if any.

    Who came from one that was closed meanwhile is told that the dossier belongs to the counter.
    """
    row = _entered_from(request)
    if row is None or row.takes_dossiers:
        return row
    messages.warning(request, _("Đợt này không còn nhận. Hồ sơ sẽ được nhận như ở quầy."))
    return None


def visited(request: DeskRequest) -> Round | None:
    """Return the round whose results are being given, if a page was entered from one."""
    row = _entered_from(request)
    return row if row and row.gives_results else None


def _entered_from(request: DeskRequest) -> Round | None:
    if "dot" not in request.GET:
        return None
    try:
        return rounds.one(request.commune, UUID(request.GET["dot"]))
    except (ValueError, NotFound):
        return None


def _shown(request: DeskRequest, row: Round, **bound: forms.Form) -> HttpResponse:
    may_plan = request.allowed("dossiers.rounds")  # type: ignore[attr-defined]
    names = actions.run_here(request.commune)
    context = {
        "round": row,
        "board": rounds.board(row),
        "to_bring": rounds.to_bring(row).count(),
        "same_day": rounds.same_day(row),
        "told": rounds.told(row) if may_plan and row.is_public else 0,
        "offline": rounds.taken_offline(row) if row.gives_results and may_plan else [],
        "procedures": [names.get(code, code) for code in row.procedures],
        "may_plan": may_plan,
        "may_receive": request.allowed("dossiers.receive"),  # type: ignore[attr-defined]
        "may_remind": request.allowed("dossiers.remind_all"),  # type: ignore[attr-defined]
        "may_work": request.allowed("dossiers.work"),  # type: ignore[attr-defined]
        "close_form": bound.get("ket-thuc", CloseForm()),
        "cancel_form": bound.get("huy", CancelForm()),
        "join_form": bound.get("gop", JoinForm()),
        "crumbs": _crumbs(None),
    }
    status = 422 if bound else 200
    return render(request, "dossiers/rounds/show.html", context, status=status)


def _plan_form(request: DeskRequest, known: Round | None) -> RoundForm:
    return RoundForm(
        request.POST or None,
        initial=_initial(known) if known else None,
        villages=[(each.pk, each.full_name) for each in places.named_villages(request.commune)],
        members=people.offered(request.commune),
        procedures=list(actions.run_here(request.commune).items()),
        is_public=bool(known and known.is_public),
    )


def _another_place(request: DeskRequest) -> dict[str, Any]:
    """Return what another place of the same day and team begins with; nothing without one."""
    try:
        first = rounds.one(request.commune, UUID(request.GET.get("tu", "")))
    except (ValueError, NotFound):
        return {}
    kept = _initial(first)
    kept["since"] = kept["until"]
    return {name: kept[name] for name in ("day", "since", "members", "procedures", "bring")}


def _initial(known: Round) -> dict[str, Any]:
    first, last = dates.local(known.starts_at), dates.local(known.ends_at)
    return {
        "key": known.uuid,
        "name": known.name,
        "day": first.date(),
        "since": first.time(),
        "until": last.time(),
        "place": known.place,
        "villages": [each.village_id for each in known.villages.all()],
        "members": [each.official_id for each in known.members.all()],
        "procedures": known.procedures,
        "bring": known.bring,
        "notice": known.notice,
    }


def _planned(request: DeskRequest, form: RoundForm, known: Round | None) -> Round:
    said = form.cleaned_data
    first, last = form.span
    plan = actions.Plan(
        said["key"], said["name"], said["place"], first, last, said["villages"], said["members"],
        said["procedures"], said["bring"], said.get("notice", ""),
    )  # fmt: skip
    if known is not None:
        return actions.change_round(known, plan, by=request.actor)
    return actions.plan_round(plan, commune=request.commune, by=request.actor)


def _announce(row: Round, _form: forms.Form, request: DeskRequest) -> str:
    actions.announce_round(row, by=request.actor)
    return _("Bà con đã thấy đợt này trên trang của xã. Ai đồng ý nhận tin thì xã nhắn tin.")


def _open(row: Round, _form: forms.Form, request: DeskRequest) -> str:
    actions.open_round(row, by=request.actor)
    return _("Đã mở đợt. Bác tiếp nhận hồ sơ từ trang này.")


def _close(row: Round, form: forms.Form, request: DeskRequest) -> str:
    said = form.cleaned_data
    actions.close_round(row, came=said["came"], report=said["report"], by=request.actor)
    return _("Đã kết thúc đợt. Kết quả vẫn trả được ở lần đến sau.")


def _cancel(row: Round, form: forms.Form, request: DeskRequest) -> str:
    actions.cancel_round(row, notice=form.cleaned_data["notice"], by=request.actor)
    return _("Đã hủy đợt.")


def _join(row: Round, form: forms.Form, request: DeskRequest) -> str:
    codes = form.cleaned_data["codes"].split()
    taken = actions.add_to_round(row, codes, by=request.actor)
    for text, left in (
        (_("Không thấy mã: %(codes)s."), taken.unknown),
        (_("Đã thuộc đợt khác: %(codes)s."), taken.elsewhere),
    ):
        if left:
            messages.warning(request, text % {"codes": ", ".join(left)})
    return _("Đã đưa %(n)s hồ sơ vào đợt.") % {"n": len(taken.added)}


_WORK: dict[str, tuple[type[forms.Form], Work]] = {
    "bao": (forms.Form, _announce),
    "mo": (forms.Form, _open),
    "ket-thuc": (CloseForm, _close),
    "huy": (CancelForm, _cancel),
    "gop": (JoinForm, _join),
}


def _crumbs(row: Round | None) -> list[tuple[str, str]]:
    found = [(reverse("dossiers_rounds:index"), _("Đợt lưu động"))]
    if row is not None:
        found.append((reverse("dossiers_rounds:show", args=[row.uuid]), row.name))
    return found
