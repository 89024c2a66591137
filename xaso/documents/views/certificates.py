"""The administrator's register of certificates, with what ends soon, and the trusted roots."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xaso.documents import actions, queries
from xaso.documents.forms import CertificateForm
from xaso.documents.models import Certificate
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.asking import fresh
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

_SOON = timedelta(days=30)


@may("documents.manage")
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: DeskRequest) -> HttpResponseBase:
    """Show whose certificate counts until when; take one more certificate, root or list."""
    people = identity.members(request.commune, permission="documents.sign")
    form = CertificateForm(request.POST or None, request.FILES or None, people=people)
    if form.is_valid():
        try:
            _taken(request, form)
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            messages.success(request, _("Đã ghi vào sổ."))
            return redirect("documents:certificates")
    rows = [_row(each) for each in queries.certificates(request.commune)]
    context = {
        "form": form,
        "rows": rows,
        "soon": sum(row["is_soon"] for row in rows),
        "roots": queries.roots(request.commune),
        "lists": queries.revocation_lists(request.commune),
        "crumbs": [(reverse("desk:administration"), _("Quản trị"))],
    }
    status = 422 if form.errors else 200
    return render(request, "documents/desk/certificates.html", context, status=status)


@may("documents.manage")
@fresh
@require_POST
def end(request: DeskRequest, number: int) -> HttpResponse:
    """Sign with a certificate no longer."""
    row = queries.certificates(request.commune).filter(pk=number).first()
    if row is None:
        raise NotFound
    actions.end_certificate(row, request.POST.get("ly-do", ""), by=request.actor)
    messages.success(request, _("Chứng thư này không dùng để ký nữa."))
    return redirect("documents:certificates")


def _taken(request: DeskRequest, form: CertificateForm) -> None:
    said = form.cleaned_data
    where: dict[str, Any] = {"commune": request.commune, "by": request.actor}
    content = said["file"].read()
    if said["what"] == CertificateForm.ROOT:
        actions.trust_root(content, source=said["source"], **where)
    elif said["what"] == CertificateForm.LIST:
        actions.keep_list(content, **where)
    else:
        new = actions.NewCertificate(content, said["official"])
        actions.register_certificate(new, **where)


def _row(row: Certificate) -> dict[str, Any]:
    now = clock.now()
    is_over = row.ended_at is not None or row.valid_to <= now
    return {
        "row": row,
        "whose": str(row.official) if row.official else _("Cơ quan"),
        "is_over": is_over,
        "is_soon": not is_over and row.valid_to <= now + _SOON,
    }
