"""The desk of documents: what waits to be signed or sealed, one document, its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from xaso.documents import actions, queries, verdicts
from xaso.documents.models import Document, State
from xaso.documents.states import TABLE
from xaso.documents.views.papers import as_file, pdf_answer
from xaso.kernel.attachments import queries as files
from xaso.kernel.audit import actions as audit
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may

_SHOWN = 30  # of all documents, the newest
_TONES = {
    State.ISSUED: "xanh",
    State.SUBMITTED: "cam",
    State.NUMBERED: "cam",
    State.SIGNED: "cham",
    State.SEALED: "cham",
}
# verb in the address → step of the table
_VERBS = {
    "duyet": "approve",
    "tra-lai": "return",
    "ky": "sign",
    "dong-dau": "seal",
    "huy": "void",
    "thu-hoi": "recall",
}


@may("documents.read")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Show what waits for me to approve and sign, what waits for the seal, and the newest."""
    mine = list(queries.to_sign(request.user.pk, commune=request.commune))
    context = {
        "approve": [_row(each) for each in mine if each.state == State.SUBMITTED],
        "sign": [_row(each) for each in mine if each.state == State.NUMBERED],
        "seal": [_row(each) for each in queries.to_seal(commune=request.commune)],
        "newest": [_row(each) for each in queries.documents(commune=request.commune)[:_SHOWN]],
    }
    return render(request, "documents/desk/documents.html", context)


@may("documents.read")
@require_safe
def show(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Show one document: what it is, its files, its steps, what one may do now."""
    return _page(request, _found(request, uuid))


@may("documents.read")
@require_safe
def paper(request: DeskRequest, uuid: UUID, name: str) -> HttpResponse:
    """Give the very bytes: `ban-ky.pdf` (frozen), `da-ky.pdf` (signed), `goc.pdf` (issued)."""
    document = _found(request, uuid)
    file = {
        "ban-ky.pdf": document.frozen,
        "da-ky.pdf": document.signed,
        "goc.pdf": document.original,
    }.get(name)
    if file is None:
        raise Http404
    audit.view(document, by=request.actor, commune=request.commune.id, purpose=f"documents.{name}")
    return pdf_answer(files.content(file), f"{document.code}-{name}")


@may("documents.read")
@require_safe
def draft(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Print what was submitted, before it has a number."""
    return as_file(actions.preview(_found(request, uuid), commune=request.commune))


@may("documents.read")
@fresh
@require_POST
def act(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Take one step; a refusal is said on the document's page and nothing changed."""
    step = _VERBS.get(verb)
    document = _found(request, uuid)
    if step is None:
        raise Http404
    try:
        _taken(request, document, step)
    except Refusal as refusal:
        return _page(request, document, fault=str(refusal.sentence))
    messages.success(request, _said(step))
    return redirect("documents:document", document.uuid)


@may("documents.sign")
@fresh
@require_POST
def sign_many(request: DeskRequest) -> HttpResponse:
    """Sign several frozen documents; each answers for itself."""
    wanted = []
    for given in request.POST.getlist("ky")[:100]:
        key, _colon, sha256 = given.partition(":")
        try:
            wanted.append((UUID(key), sha256))
        except ValueError:
            continue
    said = actions.sign_many(wanted, commune=request.commune, by=request.actor)
    done = sum(not why for _key, why in said)
    if done:
        text = ngettext("Đang ký %(n)s văn bản.", "Đang ký %(n)s văn bản.", done) % {"n": done}
        messages.success(request, text)
    for _key, why in said:
        if why:
            messages.error(request, why)
    return redirect("documents:documents")


def _taken(request: DeskRequest, document: Document, step: str) -> None:
    uuid = document.uuid
    where: dict[str, Any] = {"commune": request.commune, "by": request.actor}
    reason = request.POST.get("ly-do", "")
    if step == "sign":
        actions.ask_to_sign(uuid, request.POST.get("sha256", ""), **where)
    elif step == "seal":
        actions.ask_to_seal(uuid, **where)
    elif step == "approve":
        actions.approve(uuid, **where)
    else:
        reasoned = {
            "return": actions.send_back,
            "void": actions.void_document,
            "recall": actions.recall,
        }
        reasoned[step](uuid, reason, **where)


def _said(step: str) -> str:
    return {
        "approve": _("Đã duyệt và cấp số. Máy đang tạo bản ký."),
        "return": _("Đã trả lại người soạn."),
        "sign": _("Đang ký. Trang này cho biết khi xong."),
        "seal": _("Đang ký số cơ quan và kiểm tra. Đạt thì phát hành ngay."),
        "void": _("Đã huỷ số. Số này không dùng lại."),
        "recall": _("Đã thu hồi. Trang kiểm tra báo cho mọi người."),
    }[step]


def _page(request: DeskRequest, document: Document, *, fault: str = "") -> HttpResponse:
    facts = {"signer": str(document.signer_id)}
    allowed = {t.action for t in TABLE.allowed(document.state, request.actor, **facts)}
    report = document.reports.order_by("-id").first()
    context = {
        "document": document,
        "row": _row(document),
        "allowed": allowed,
        "events": [(State(each.to_state).label, each) for each in document.events.all()],
        "report": report,
        "result": verdicts.RESULTS.get(report.result) if report else "",
        "findings": verdicts.told(report.report) if report else [],
        "fault": fault,
        "crumbs": [(reverse("documents:documents"), _("Văn bản"))],
    }
    status = 409 if fault else 200
    return render(request, "documents/desk/document.html", context, status=status)


def _found(request: DeskRequest, uuid: UUID) -> Document:
    document = queries.document(uuid, commune=request.commune)
    if document is None:
        raise NotFound
    return document


def _row(document: Document) -> dict[str, Any]:
    state = State(document.state)
    return {
        "document": document,
        "number": document.number.shown if document.number else "",
        "label": state.label,
        "tone": _TONES.get(state, "line"),
        "sha256": document.frozen.sha256 if document.frozen else "",
    }
