"""Counter machines: which may receive without a network, registered and taken out of use."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.documents import actions as documents
from xaso.documents import queries
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest, may

_MOST = 1_000


@may("dossiers.machines")
def listed(request: DeskRequest) -> HttpResponse:
    """List the machines; the browser that asks can be made one, its private key stays there."""
    fault = ""
    if request.method == "POST":
        try:
            jwk = json.loads(request.POST.get("khoa", "")[:_MOST] or "{}")
            name = request.POST.get("ten", "")
            row = documents.register_device(
                name,
                jwk if isinstance(jwk, dict) else {},
                commune=request.commune,
                by=request.actor,
            )
            messages.success(request, _("Đã đăng ký máy “%(name)s”.") % {"name": row.name})
            return redirect("dossiers_offline:machines")
        except ValueError:
            fault = _("Trình duyệt này chưa tạo được khóa. Bác mở trang bằng https rồi thử lại.")
        except Refusal as refusal:
            errors = getattr(refusal, "errors", {})
            fault = " ".join(str(w) for words in errors.values() for w in words) or str(refusal)
    context = {"machines": queries.devices(request.commune), "fault": fault}
    status = 422 if fault else 200
    return render(request, "dossiers/offline/machines.html", context, status=status)


@may("dossiers.machines")
@require_POST
def retire(request: DeskRequest, kid: str) -> HttpResponse:
    """Take a machine out of use; a lost one also loses what it signed before."""
    row = queries.device(kid, commune=request.commune)
    documents.retire_key(row, by=request.actor, is_lost=request.POST.get("mat") == "1")
    messages.success(request, _("Máy “%(name)s” không còn được dùng.") % {"name": row.name})
    return redirect("dossiers_offline:machines")
