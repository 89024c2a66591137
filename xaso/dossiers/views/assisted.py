"""Fill in a draft for a resident: they agree first, the counter completes it."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.dossiers import actions, catalogue, proactive
from xaso.dossiers.actions.assisting import TEXT
from xaso.dossiers.forms.assisted import AgreementForm, DraftForm
from xaso.dossiers.models import Dossier, FilingConsent, Procedure
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Consent, Role
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_MOST = 50


@may("dossiers.help")
def index(request: DeskRequest) -> HttpResponse:
    """Write down that a resident agreed; below, what one helped with."""
    form = AgreementForm(
        request.POST or None,
        initial={"key": uuid4()},
        procedures=_procedures(request),
        villages=_villages(request),
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        said["method"] = Consent.Method(said["method"])
        new = actions.NewAgreement(
            uuid=said.pop("key"),
            village_id=said.pop("village"),
            scopes=tuple(said.pop("scopes")),
            **said,
        )
        try:
            row = actions.agree_to_help(new, by=request.actor, commune=request.commune)
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            return redirect("dossiers_ahead:fill", row.uuid)
    context = {"form": form, "text": TEXT, "rows": _rows(request), "now": clock.now()}
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/assisted/index.html", context, status=status)


@may("dossiers.help")
def fill(request: DeskRequest, key: UUID) -> HttpResponse:
    """Write the draft of somebody who agreed."""
    row = _own(request, key)
    content = catalogue.held(request.commune.id, row.procedure, proactive.today()).content
    form = DraftForm(content, request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        who = actions.Applicant(said["name"], phone=said["phone"], address=said["address"])
        try:
            filled = actions.Filled(who, form.answers(), said["note"])
            actions.file_for(row, filled, by=request.actor, commune=request.commune)
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            messages.success(
                request, _("Đã ghi hồ sơ nháp. Bà con mang giấy tờ ra xã, một cửa làm tiếp.")
            )
            return redirect("dossiers_ahead:help")
    held = get_object_or_404(Procedure, commune=request.commune, code=row.procedure)
    context = {
        "form": form,
        "procedure": held,
        "papers": [each.name for each in content.components],
        "crumbs": [(reverse("dossiers_ahead:help"), _("Làm hồ sơ giúp bà con"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/assisted/fill.html", context, status=status)


@may("dossiers.help")
@require_POST
def take_back(request: DeskRequest, key: UUID) -> HttpResponse:
    """Note that the resident does not agree any more."""
    actions.take_back_help(_own(request, key), by=request.actor)
    messages.success(request, _("Đã ghi là bà con rút lại lời đồng ý."))
    return redirect("dossiers_ahead:help")


def _own(request: DeskRequest, key: UUID) -> FilingConsent:
    return get_object_or_404(
        FilingConsent, commune=request.commune, uuid=key, helper_id=int(request.actor.id)
    )


def _villages(request: DeskRequest) -> list[tuple[int, str]]:
    """Return the villages one helps in."""
    own = {
        each.village_id
        for each in identity.held(request)
        if each.role in {Role.VILLAGE_HEAD, Role.TEAM}
    }
    named = places.named_villages(request.commune)
    return [(each.pk, each.full_name) for each in named if each.pk in own]


def _procedures(request: DeskRequest) -> list[tuple[str, str]]:
    rows = catalogue.published(request.commune, proactive.today())
    found = rows.order_by("procedure__name")
    return list(found.values_list("procedure__code", "procedure__name"))


def _rows(request: DeskRequest) -> list[tuple[FilingConsent, str, str]]:
    """Return what one helped with, newest first: the procedure's name and the state, no person."""
    rows = list(
        FilingConsent.objects.filter(commune=request.commune, helper_id=int(request.actor.id))[
            :_MOST
        ]
    )
    keys = [each.uuid for each in rows]
    drafts = {each.uuid: each for each in Dossier.objects.filter(uuid__in=keys)}
    codes = {each.procedure for each in rows}
    named = Procedure.objects.filter(commune=request.commune, code__in=codes)
    names = dict(named.values_list("code", "name"))
    return [
        (
            each,
            names.get(each.procedure, each.procedure),
            drafts[each.uuid].get_state_display() if each.uuid in drafts else "",
        )
        for each in rows
    ]


def _blame(form: forms.Form, refusal: Refusal) -> None:
    for name, words in (getattr(refusal, "errors", {}) or {"": [str(refusal)]}).items():
        form.add_error(name if name in form.fields else None, [str(word) for word in words])
