"""Giving a result, also on a paper of authority: what that must be, and the one that was shown."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xaso.dossiers import actions, agreements, authority, owing, queries
from xaso.dossiers.forms.returning import AUTHORITY, AuthorityRuleForm, ReturnForm
from xaso.dossiers.models import Dossier, HelpScope, Procedure, ResultReceiver, Sureness
from xaso.dossiers.views import uploads
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock


@may("dossiers.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: DeskRequest) -> HttpResponse:
    """Show what a paper of authority must be today, and let a rule hold from a day on."""
    procedures = list(Procedure.objects.filter(commune=request.commune).order_by("name"))
    start = {"valid_from": authority.today(), "sureness": Sureness.SOURCE}
    form = AuthorityRuleForm(request.POST or None, procedures=procedures, initial=start)
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            new = actions.NewAuthorityRule(near=tuple(said.pop("near")), **said)
            actions.set_authority(request.commune, new, by=request.actor)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, list(sentences))
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("dossiers_returning:rules")
    context = {
        "form": form,
        "rows": _rows(request, procedures),
        "crumbs": [(reverse("desk:administration"), _("Quản trị"))],
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/returning/rules.html", context, status=status)


@may("dossiers.read")
@require_safe
def paper(request: DeskRequest, dossier: UUID) -> HttpResponse:
    """Show the paper a result was given on; the look is written down."""
    found = queries.one(request.commune, dossier)
    row = ResultReceiver.objects.select_related("evidence").filter(dossier=found).first()
    if row is None:
        raise Http404
    where = uploads.shown(row.evidence)
    if not where:
        messages.warning(request, _("Ảnh chưa xem được. Bác thử lại sau ít phút."))
        return redirect("dossiers_desk:show", found.uuid)
    audit.view(row, by=request.actor, commune=request.commune.id, purpose="dossiers.authority")
    return redirect(where)


def form_for(dossier: Dossier, request: DeskRequest, data: dict[str, Any] | None) -> ReturnForm:
    """Offer who may fetch this result, and keep a photo that came with a try."""
    agreed = agreements.of(dossier)
    helpers = []
    if agreed is not None:
        text = _("%(name)s (người giúp, bà con chưa cho nhận thay)")
        if agreements.allows(agreed, HelpScope.RECEIVE, clock.now()):
            text = _("%(name)s (người giúp, được bà con cho nhận thay)")
        helpers = [(str(agreed.helper_id), text % {"name": agreed.helper})]
    rule = authority.rule_for(dossier.procedure, authority.today())
    asks = f"{authority.said(rule)} ({rule.source})."
    files = request.FILES if data is not None else None
    start = {"proof": request.GET.get("ky", "")[:200]}
    made = ReturnForm(
        data, files, helpers=helpers, asks=asks, owed=owing.owed(dossier), initial=start,
        whose=f"{dossier.commune_id}/{dossier.uuid}/{request.actor.id}",
    )  # fmt: skip
    photo = files.get("evidence") if files else None
    if isinstance(photo, UploadedFile):
        _keep_photo(made, photo, dossier, request.actor)
    return made


def handed(dossier: Dossier, form: ReturnForm) -> actions.Handed:
    """Return what the form says of how a result was given, and to whom."""
    said, who = form.cleaned_data, form.cleaned_data["fetcher"]
    how = actions.Handed(said["way"], said["proof"], int(who) if who.isdigit() else None)
    if said.get("pay_way"):
        how = replace(how, paid=actions.Paid(said["pay_way"], said["receipt"]))
    if who == AUTHORITY:
        brought = actions.Authority(
            said["name"], said["id_number"], said["relation"], said["is_certified"],
            said["authorised_on"], said["valid_until"],
            Attachment.objects.filter(commune=dossier.commune_id, pk=form.kept_photo or 0).first(),
        )  # fmt: skip
        how = replace(how, authority=brought)
    return how


def _keep_photo(form: ReturnForm, upload: object, dossier: Dossier, by: Actor) -> None:
    """Keep a photographed paper even where the rest is refused, so that it is not sent twice."""
    try:
        file = uploads.store(upload, "evidence", commune=dossier.commune, by=by)
    except Invalid as refusal:
        form.photo_faults = refusal.errors["evidence"]
    else:
        form.keep(file.pk)


def _rows(request: DeskRequest, procedures: list[Procedure]) -> list[tuple[str, str, Any, str]]:
    """Return for whom, what is asked, the rule, and how sure it is; the one for all first."""
    names = {each.code: each.name for each in procedures}
    fields = {each.field_code: each.field_name for each in procedures}
    found = authority.rules(request.commune.id, authority.today())
    return [
        (
            names.get(code) or fields.get(field) or code or field or _("Mọi thủ tục khác"),
            authority.said(rule),
            rule,
            str(Sureness(rule.sureness).label),
        )
        for (code, field), rule in sorted(found.items())
    ]
