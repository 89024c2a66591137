"""For everybody: is this document in force, is this file what the office issued."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xaso.documents import queries, verdicts
from xaso.documents.forms import FileForm
from xaso.documents.models import Document, State
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.actions import tries
from xaso.kernel.text import dates, moment
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page

_AN_HOUR = timedelta(hours=1)
_FILES = 20  # of one address in an hour: each is opened in a process of its own


@citizen_page
@require_safe
@caching.public(60)
def issued(request: CommuneRequest, code: str) -> HttpResponse:
    """Show number, date, agency, signer, whether it is in force, and the digest; nothing else."""
    document = queries.by_check_code(code, commune=request.commune)
    if document is None:
        raise Http404
    return render(request, "documents/check/document.html", {"said": _public(document)})


@citizen_page
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: CommuneRequest) -> HttpResponse:
    """Judge a PDF somebody has; it is read, answered and thrown away."""
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        bucket = f"documents.verify:{identity.prefix(identity.address(request))}"
        tries.take(bucket, limit=_FILES, per=_AN_HOUR, commune=request.commune.id)
        pdf = form.cleaned_data["file"].read()
        verdict = queries.verify(pdf, commune=request.commune)
        context |= {
            "verdict": verdict,
            "title": verdicts.RESULTS[verdict.result],
            "findings": verdicts.sentences(verdict.findings),
            "marks": [_mark(each.holder, each.at) for each in verdict.marks],
            "known": _known(pdf, request),
        }
    response = render(
        request, "documents/check/file.html", context, status=422 if form.errors else 200
    )
    response["Cache-Control"] = "no-store"
    return response


def _known(pdf: bytes, request: CommuneRequest) -> dict[str, object] | None:
    document = queries.of_file(pdf, commune=request.commune)
    return _public(document) if document else None


def _mark(holder: str, at: str) -> tuple[str, str]:
    said = moment(datetime.fromisoformat(at), year=True) if at else _("chưa có dấu thời gian")
    return holder, said


def _public(document: Document) -> dict[str, object]:
    """Return what anybody may know of a document, and nothing more."""
    number = document.number.shown if document.number else ""
    rows = [
        (_("Số, ký hiệu"), number),
        (_("Ngày"), dates.ngay(document.dated, year=True) if document.dated else ""),
        (_("Cơ quan"), document.agency),
        (_("Người ký"), f"{document.signer_name}, {document.signer_position}"),
    ]
    if document.is_public:
        rows.append((_("Về việc"), document.subject))
    if document.issued_at:
        rows.append((_("Phát hành lúc"), moment(document.issued_at, year=True)))
    return {
        "rows": [row for row in rows if row[1]],
        "sha256": document.original.sha256 if document.original else "",
        "is_in_force": document.state == State.ISSUED,
        "title": {
            State.ISSUED: _("Văn bản đang có hiệu lực"),
            State.REPLACED: _("Văn bản đã được thay thế"),
            State.RECALLED: _("Văn bản đã bị thu hồi"),
        }[State(document.state)],
        "instead": document.replaced_by.code if document.replaced_by else "",
    }
