"""Officials answer what people ask about their own data."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import phone
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.actions import looking
from xaso.reports.models import DataRequest
from xaso.reports.people import Person
from xaso.reports.queries import rights
from xaso.reports.views.data_forms import DecideForm


@may("reports.data_rights")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """List the requests, those that hurry first."""
    now = clock.now()
    found = rights.listed(request.commune, now)
    context = {
        "near": [line for line in found if line.is_near],
        "waiting": [line for line in found if line.is_open],
        "done": [line for line in found if not line.is_open],
        "now": now,
        "promise": rights.promise(request.commune),
    }
    return render(request, "reports/rights/list.html", context)


@may("reports.data_rights")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: DeskRequest, key: int) -> HttpResponse:
    """Show one request, and answer it; the reading is logged, and its person sees it."""
    row = rights.one(request.commune, key)
    looking.at_request(row, by=request.actor)
    is_open = row.state == DataRequest.State.OPEN
    form = DecideForm(request.POST or None, kind=row.kind)
    if is_open and form.is_valid() and _decide(request, row, form):
        messages.success(request, _("Đã trả lời. Bà con đọc được ở trang của mình."))
        return redirect("reports_desk:rights")
    context = {
        "row": row,
        "kind": row.get_kind_display(),
        "state": row.get_state_display(),
        "wanted": _wanted(row),
        "is_open": is_open,
        "now": clock.now(),
        "form": form,
        "did": rights.done_words(row),
        "crumbs": [(reverse("reports_desk:rights"), _("Đề nghị về dữ liệu"))],
    }
    status = 422 if form.errors else 200
    return render(request, "reports/rights/one.html", context, status=status)


def _decide(request: DeskRequest, row: DataRequest, form: DecideForm) -> bool:
    said = form.cleaned_data
    given = actions.Decision(said["state"], said["answer"], said.get("parts") or ())
    try:
        actions.decide_data_request(row, given, by=request.actor)
    except Invalid as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def _wanted(row: DataRequest) -> list[tuple[str, str]]:
    """Return the correction asked for; of one who hides from officials only that there is one."""
    wanted = json.loads(row.wanted) if row.wanted else {}
    who = Person(row.report, row.follower).reporter
    if who is not None and who.is_anonymous:
        wanted = dict.fromkeys(wanted, str(_("ẩn danh, máy sửa khi bác đồng ý")))
    elif number := wanted.get("phone"):
        wanted["phone"] = phone.grouped(number)
    names = {"name": _("Tên đúng"), "phone": _("Số điện thoại đúng")}
    return [(names[key], said) for key, said in wanted.items() if key in names]
