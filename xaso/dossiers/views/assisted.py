"""Fill in a draft for a resident: they agree first, the counter completes it."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers import actions, agreements, catalogue, proactive, queries
from xaso.dossiers.actions.assisting import TEXT
from xaso.dossiers.forms.assisted import AgreementForm, DraftForm, EvidenceForm, PapersForm
from xaso.dossiers.models import Component, Dossier, FilingConsent, HelpScope, Procedure, State
from xaso.dossiers.queries import shots
from xaso.dossiers.views import uploads
from xaso.kernel.audit import actions as audit
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
        request.FILES or None,
        initial={"key": uuid4()},
        procedures=_procedures(request),
        villages=_villages(request),
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        said["method"] = Consent.Method(said["method"])
        upload = said.pop("evidence")
        new = actions.NewAgreement(
            uuid=said.pop("key"),
            village_id=said.pop("village"),
            scopes=tuple(said.pop("scopes")),
            **said,
        )
        try:
            row = actions.agree_to_help(new, by=request.actor, commune=request.commune)
            if upload:
                _keep_evidence(request, row, upload)
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
            messages.success(request, _("Đã ghi hồ sơ nháp. Giờ bác chụp giấy tờ, nếu có ở đây."))
            return redirect("dossiers_ahead:papers", row.uuid)
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
def papers(request: DeskRequest, key: UUID) -> HttpResponse:
    """Put photographed papers into the draft, each with its own button; what was sent is kept."""
    row = _own(request, key)
    draft = agreements.draft_of(row)
    if draft is None:
        raise Http404
    content = catalogue.kept(request.commune.id, draft.frozen_id)
    is_sent = request.method == "POST"
    form = PapersForm(content, *((request.POST, request.FILES) if is_sent else ()))
    if form.is_valid():
        try:
            sent = _sent(request, form)
            if sent:
                actions.add_papers(row, sent, by=request.actor)
                messages.success(request, _("Đã ghi giấy tờ."))
                return redirect("dossiers_ahead:papers", row.uuid)
            form.add_error(None, _("Bác chụp một giấy, hoặc đánh dấu bà con mang ra xã."))
        except Refusal as refusal:
            _blame(form, refusal)
    holds = row.withdrawn_at is None and row.valid_until > clock.now()
    is_open = draft.state == State.DRAFT and holds  # later the pictures are the counter's alone
    there: dict[str, list[Component]] = {}
    for each in draft.components.filter(replaced_by__isnull=True).select_related("attachment"):
        there.setdefault(each.code, []).append(each)
    pictures = {code: shots.of(rows) for code, rows in there.items()} if is_open else {}
    context = {
        "form": form,
        "row": row,
        "is_open": is_open,
        "may_hand_in": is_open and agreements.allows(row, HelpScope.SUBMIT, clock.now()),
        "papers": [
            (_named(there.get(code, [])), pictures.get(code, []), there.get(code), *fields)
            for code, *fields in form.papers
        ],
        "evidence_form": EvidenceForm(),
        "crumbs": [(reverse("dossiers_ahead:help"), _("Làm hồ sơ giúp bà con"))],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "dossiers/assisted/papers.html", context, status=status)


@may("dossiers.help")
@require_POST
def evidence(request: DeskRequest, key: UUID) -> HttpResponse:
    """Keep the signed paper or the spoken yes beside the agreement."""
    row = _own(request, key)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            _keep_evidence(request, row, form.cleaned_data["evidence"])
            messages.success(request, _("Đã giữ bằng chứng đồng ý."))
        except Refusal as refusal:
            _blame(form, refusal)
    for words in form.errors.values():
        messages.error(request, " ".join(map(str, words)))
    return redirect("dossiers_ahead:papers", row.uuid)


@may("dossiers.read")
@require_safe
def proof(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show the proof of an agreement to who may read its dossier; the look is written down."""
    found = queries.one(request.commune, key)
    agreed = agreements.of(found)
    if agreed is None or agreed.evidence is None:
        raise Http404
    where = uploads.shown(agreed.evidence)
    if not where:
        messages.warning(request, _("Ảnh chưa xem được. Bác thử lại sau ít phút."))
        return redirect("dossiers_desk:show", found.uuid)
    audit.view(agreed, by=request.actor, commune=request.commune.id, purpose="dossiers.consent")
    return redirect(where)


@may("dossiers.help")
@require_POST
def take_back(request: DeskRequest, key: UUID) -> HttpResponse:
    """Note that the resident does not agree any more."""
    actions.take_back_help(_own(request, key), by=request.actor)
    messages.success(request, _("Đã ghi là bà con rút lại lời đồng ý."))
    return redirect("dossiers_ahead:help")


@may("dossiers.help")
@require_POST
def hand_in(request: DeskRequest, key: UUID) -> HttpResponse:
    """Hand the draft in, where the resident agreed to that."""
    row = _own(request, key)
    draft = get_object_or_404(Dossier, commune=request.commune, uuid=row.uuid)
    try:
        actions.submit(draft, by=request.actor)
        messages.success(request, _("Đã nộp cho xã. Một cửa xem và hẹn ngày trả."))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("dossiers_ahead:papers", row.uuid)
    return redirect("dossiers_ahead:help")


def _keep_evidence(request: DeskRequest, row: FilingConsent, upload: object) -> None:
    file = uploads.store(upload, "evidence", commune=request.commune, by=request.actor)
    actions.keep_evidence(row, file, by=request.actor)


def _sent(request: DeskRequest, form: PapersForm) -> list[actions.Paper]:
    """Keep what was photographed; return the papers that say something."""
    found = []
    for each in form.content.components:
        chosen = form.cleaned_data[f"file_{each.code}"]
        field = f"file_{each.code}"
        pages = [
            uploads.store(file, field, commune=request.commune, by=request.actor) for file in chosen
        ]
        if pages:
            name = chosen[0].name or ""
            found.append(
                actions.Paper(
                    each.code, source="upload", attachment=pages[0], file_name=name, more=pages[1:]
                )
            )
        elif form.cleaned_data[f"bring_{each.code}"]:
            found.append(actions.Paper(each.code, source="", will_bring=True))
    return found


def _named(rows: list[Component]) -> str:
    return rows[0].name if rows else ""


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
    made = Dossier.objects.filter(commune=request.commune, uuid__in=keys)
    drafts = {each.uuid: each for each in made.filter(helper_id=int(request.actor.id))}
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
