"""A sender's own page: their words and photos, questions to answer, what they think of the answer.

Opened by the device that sent the report, by the last four digits of the phone they gave, or by
the four digits on their slip.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page, needs
from xaso.reports import actions, queries
from xaso.reports.actions.closing import SENDER
from xaso.reports.forms import TextForm
from xaso.reports.models import Report
from xaso.reports.people import Person
from xaso.reports.queries import recordings
from xaso.reports.views import factor, listening, rating, senders, uploads

Verb = Callable[[CommuneRequest, Report], str]


@needs("camera", "microphone")
@citizen_page
@caching.personal
def own(request: CommuneRequest, code: str) -> HttpResponse:
    """Show the sender's page, or ask for the four digits."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if senders.is_sender(request, report) and not report.is_sealed:
        if report.parent_id is not None:
            return _to_parent(request, report)
        return _page(request, report)
    return factor.asked(request, Person(report), leads_to="reports:own")


@citizen_page
@require_POST
def act(request: CommuneRequest, code: str, verb: str) -> HttpResponse:
    """Do one thing for the sender, then show their page again with what happened."""
    report = queries.by_code(request.commune, queries.check_code(code))
    do = _VERBS.get(verb)
    if do is None or report.is_sealed or not senders.is_sender(request, report):
        raise NotFound
    try:
        messages.success(request, do(request, report))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("reports:own", report.code)


def _to_parent(request: CommuneRequest, report: Report) -> HttpResponse:
    """Lead the sender of a merged report to the page of those who follow its parent."""
    response = redirect("reports:follower", report.code)
    senders.open_for(request, response, report)
    return response


def _page(request: CommuneRequest, report: Report) -> HttpResponse:
    view = queries.public_view(report, "sender")
    context = {
        "view": view,
        "report": report,
        "voices": recordings.heard(report, is_lent=True),
        "reply_form": TextForm(label=_("Bà con trả lời"), hint=""),
        "rating": rating.card(report, SENDER),
        "push": listening.box(request, report.code, report),
    }
    return render(request, "reports/citizen/own.html", context)


def _reply(request: CommuneRequest, report: Report) -> str:
    by = senders.resident(request)
    gathered = uploads.gather(request, by)
    if gathered.faults:
        raise Refusal(" ".join(gathered.faults))
    reply = actions.Reply(request.POST.get("text", "")[:4_000], gathered.photos)
    actions.give_info(report, reply, by=by)
    return _("Xã đã nhận câu trả lời. Đồng hồ lại chạy tiếp.")


def _rate(request: CommuneRequest, report: Report) -> str:
    return rating.take(request, report, SENDER)


def _withdraw(request: CommuneRequest, report: Report) -> str:
    actions.withdraw(report, by=senders.resident(request))
    return _("Bà con đã rút phản ánh này.")


def _object(request: CommuneRequest, report: Report) -> str:
    text = request.POST.get("text", "")[:2_000]
    if not text.strip():
        raise Refusal(_("Bà con cho biết vì sao cần xem lại."))
    actions.object_to(report, text, by=senders.resident(request))
    return _("Xã sẽ xem xét lại phản ánh này.")


def _reopen(request: CommuneRequest, report: Report) -> str:
    actions.reopen(report, request.POST.get("text", "")[:2_000], by=senders.resident(request))
    return _("Xã đã mở lại phản ánh, vẫn giữ mã cũ.")


_VERBS: dict[str, Verb] = {
    "tra-loi": _reply,
    "danh-gia": _rate,
    "rut": _withdraw,
    "xem-lai": _object,
    "mo-lai": _reopen,
}
