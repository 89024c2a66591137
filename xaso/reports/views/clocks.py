"""What waits for somebody's yes, and whose time runs out."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions, lateness
from xaso.reports.queries import approvals as waiting
from xaso.reports.queries import pressing as running_out

_DONE = {
    "duyet": gettext_lazy("Đã duyệt."),
    "khong": gettext_lazy("Đã trả lời là không duyệt."),
    "rut": gettext_lazy("Đã rút đề nghị."),
}


@may("reports.work")
@require_safe
def approvals(request: DeskRequest) -> HttpResponse:
    """Show what this official may decide, and what they asked for themselves."""
    found = waiting.waiting(request.commune, request.actor)
    context = {
        "to_decide": [each for each in found if not each.is_mine],
        "mine": [each for each in found if each.is_mine],
        "crumbs": _crumbs(),
    }
    return render(request, "reports/clocks/approvals.html", context)


@may("reports.work")
@require_POST
def decide(request: DeskRequest, approval: int, verb: str) -> HttpResponse:
    """Approve, decline, or take one's own request back; a refusal is said."""
    row = waiting.one(request.commune, approval)
    if verb not in _DONE:
        raise Http404
    try:
        if verb == "duyet":
            actions.approve(row, by=request.actor)
        elif verb == "khong":
            actions.decline(row, request.POST.get("text", ""), by=request.actor)
        else:
            actions.take_request_back(row, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, str(_DONE[verb]))
    return redirect("reports_clocks:approvals")


@may("reports.work")
@require_safe
def pressing(request: DeskRequest) -> HttpResponse:
    """Show the reports whose time runs out, computed now: no job has to have run."""
    now = clock.now()
    groups = running_out.pressing_me(request.commune, request.actor, now)
    context = {"groups": groups, "now": now, "full": lateness.FULL, "crumbs": _crumbs()}
    return render(request, "reports/clocks/pressing.html", context)


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("reports_desk:inbox"), _("Phản ánh"))]
