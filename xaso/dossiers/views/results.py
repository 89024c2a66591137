"""Results: put before the signer at the desk; fetched and rated by whoever holds the code."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.dossiers import actions, catalogue, queries
from xaso.dossiers.actions import Handed
from xaso.dossiers.content import answers
from xaso.dossiers.forms.result import ResultForm
from xaso.dossiers.models import Delivery, Dossier, State
from xaso.dossiers.queries import result_papers
from xaso.dossiers.views.citizen import opened
from xaso.kernel.attachments import queries as files
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, DeskRequest, citizen_page, may
from xaso.kernel.workflow.table import NotAllowed


@may("dossiers.work")
def submit(request: DeskRequest, dossier: UUID) -> HttpResponse:
    """Write the result and put it before its signer."""
    row = queries.one(request.commune, dossier)
    signers = list(identity.members(request.commune, permission="documents.sign"))
    content = catalogue.kept(request.commune.id, row.frozen_id)
    said = answers.shown(content, row.form)
    start = {
        "title": content.result.name or row.procedure.name,
        "lines": "\n".join(f"{label}: {' '.join(text.split())}" for label, text in said),
    }
    form = ResultForm(signers, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _submit(request, row, form, signers)
            messages.success(
                request, _("Đã trình ký. Khi ký xong, hồ sơ tự chuyển sang có kết quả.")
            )
            return redirect("dossiers_desk:show", row.uuid)
        except Refusal as refusal:
            errors = getattr(refusal, "errors", {}) or {"": [str(refusal)]}
            for name, words in errors.items():
                form.add_error(name if name in form.fields else None, list(words))
    context = {
        "dossier": row,
        "form": form,
        "papers": result_papers.papers(row),
        "is_at_signing": result_papers.is_at_signing(row),
        "crumbs": [
            (reverse("dossiers_desk:index"), _("Hồ sơ")),
            (reverse("dossiers_desk:show", args=[row.uuid]), row.code),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/desk/result.html", context, status=status)


def _submit(request: DeskRequest, row: Dossier, form: ResultForm, signers: list[Official]) -> None:
    said = form.cleaned_data
    signer = next(each for each in signers if str(each.pk) == said["signer"])
    new = actions.NewResult(
        uuid=said["key"],
        signer=signer,
        position=said["position"],
        text=said["text"],
        title=said["title"],
        lines=form.pairs(),
        check_root=request.build_absolute_uri(reverse("portal:home")),
    )
    actions.submit_result(row, new, commune=request.commune, by=request.actor)


@citizen_page
@require_safe
@caching.personal
def fetch(request: CommuneRequest) -> HttpResponse:
    """Give the signed file to whoever opened the dossier; that is how it is returned online.

    While a fee is still to pay the page of the dossier says so, and how.
    """
    row = _mine(request)
    result = result_papers.electronic(row) if row else None
    if row is None or result is None or result.attachment is None:
        return redirect("dossiers:track")
    if result_papers.waits_for_money(row):
        return redirect("dossiers:tracked")
    content = files.content(result.attachment)
    if row.state == State.RESOLVED and request.method == "GET":  # asking for the head takes nothing
        how = Handed(Delivery.ELECTRONIC, _("Người giữ mã đã tải kết quả điện tử"))
        with suppress(NotAllowed):  # given this very moment, in another window or at the counter
            actions.give_result(row, how, by=SYSTEM)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="ket-qua-{result.pk}.pdf"'
    return answer


@citizen_page
@require_POST
@caching.personal
def rate(request: CommuneRequest) -> HttpResponse:
    """Keep one of three faces of whoever opened the dossier."""
    row = _mine(request)
    if row is not None:
        score = request.POST.get("mat", "")
        said = actions.Rating(
            int(score) if score in {"0", "1", "2"} else -1,
            "online",
            request.POST.get("loi", ""),
        )
        actions.rate(row, said, by=Actor("resident", "", "web"))
    return redirect("dossiers:tracked")


def _mine(request: CommuneRequest) -> Dossier | None:
    """Return the dossier this browser opened within half an hour."""
    try:
        return opened(request)
    except (KeyError, signing.BadSignature, NotFound):
        return None
