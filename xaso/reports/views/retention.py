"""The administrator sees what is erased tonight, what was, and what is kept as evidence."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.reports import actions, queries
from xaso.reports.queries import retaining
from xaso.reports.views.data_forms import HoldForm


@may("reports.retain")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: DeskRequest) -> HttpResponse:
    """Show tonight's list, the last nights and the holds; hold one report."""
    form = HoldForm(request.POST or None, initial={"code": request.GET.get("ma", "")[:12]})
    if form.is_valid() and _hold(request, form):
        messages.success(request, _("Đã giữ làm chứng cứ."))
        return redirect("reports_desk:retention")
    due = retaining.tonight(request.commune)
    context = {
        "due": [line for line in due if line.count],
        "nothing": [line for line in due if not line.count],
        "nights": retaining.nights(request.commune),
        "last": retaining.last_run(request.commune),
        "holds": retaining.holds(request.commune),
        "form": form,
        "crumbs": [(reverse("desk:administration"), _("Quản trị"))],
        "may_change": request.allowed("reports.manage"),  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else 200
    return render(request, "reports/rights/retention.html", context, status=status)


@may("reports.retain")
@require_POST
def end(request: DeskRequest, key: int) -> HttpResponse:
    """Let a report go again."""
    actions.end_hold(request.commune.id, key, by=request.actor)
    messages.success(request, _("Thôi giữ. Từ tối nay xóa theo quy tắc."))
    return redirect("reports_desk:retention")


def _hold(request: DeskRequest, form: HoldForm) -> bool:
    said = form.cleaned_data
    try:
        code = queries.check_code(said["code"])
        new = actions.NewHold(code, said["reason"], said["until"])
        actions.hold(request.commune.id, new, by=request.actor)
    except Invalid as refusal:
        for name, sentences in (refusal.errors or {"code": [str(refusal.sentence)]}).items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    except Refusal as refusal:
        form.add_error("code", str(refusal.sentence))
        return False
    return True
