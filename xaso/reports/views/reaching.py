"""How the sender wants to be told, and the way out for somebody who sent nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.notifications import queries as channels
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.reports import actions, contacts, queries, slips, turns
from xaso.reports.actions.reaching import Wish
from xaso.reports.forms import FactorForm
from xaso.reports.models import Report
from xaso.reports.people import Person
from xaso.reports.queries import following
from xaso.reports.views import listening, senders
from xaso.reports.wishes import WayForm


@citizen_page
@caching.personal
def way(request: CommuneRequest, code: str) -> HttpResponse:
    """Show the sender how they are told, and let them choose another way."""
    report = queries.by_code(request.commune, queries.check_code(code))
    if not senders.is_sender(request, report):
        return redirect("reports:own", report.code)
    who = report.reporter
    first = {"choice": who.preferred if who else "none"}
    now_open = channels.open_channels(request.commune.id)
    form = WayForm(request.POST or None, initial=first, now_open=now_open)
    if form.is_valid():
        wish = Wish(str(form.cleaned_data["choice"]), str(form.cleaned_data["phone"]))
        try:
            actions.prefer(report, wish, by=senders.resident(request))
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Đã ghi. Từ giờ xã báo theo cách này."))
            return redirect("reports:own", report.code)
    status = 422 if form.errors else 200
    return render(request, "reports/citizen/way.html", _shown(request, report, form), status=status)


@citizen_page
@caching.personal
def not_mine(request: CommuneRequest, token: str) -> HttpResponse:
    """Let somebody who was told about a report they did not send be told no more."""
    named = contacts.read(token)
    rows = Report.objects.filter(commune=request.commune)
    report = rows.filter(pk=named.report, reporter=named.reporter).first() if named else None
    if report is None:
        raise NotFound
    is_done = request.method == "POST"
    if is_done:
        actions.detach(report, by=senders.resident(request))
    return render(request, "reports/citizen/not_mine.html", {"is_done": is_done})


@citizen_page
@caching.personal
def not_mine_by_phone(request: CommuneRequest, code: str) -> HttpResponse:
    """Let the holder of a phone that was told of a code be told no more: by its last four digits.

    A text message has no room for a signed link. The same limits hold as for the second factor.
    """
    checked = queries.check_code(code)
    follower = following.by_code(request.commune, checked)
    is_followers = follower is not None and follower.code == checked
    report = follower.report if follower else queries.by_code(request.commune, checked)
    of = Person(report, follower if is_followers else None)
    form = FactorForm(request.POST or None)
    form.fields["factor"].label = _("4 số cuối của số điện thoại nhận tin")
    is_done = False
    if form.is_valid():
        turns.try_factor(checked, identity.address(request), request.commune.id)
        is_done = slips.is_phone(form.cleaned_data["factor"], of.reporter)
        if is_done and not report.is_sealed:
            actions.detach_person(of, by=senders.resident(request))
        elif not is_done:
            form.add_error("factor", _("4 số này không khớp với số xã đã nhắn."))
    context = {"is_done": is_done, "form": form, "code": checked}
    status = 422 if form.errors else 200
    return render(request, "reports/citizen/not_mine.html", context, status=status)


def _shown(request: CommuneRequest, report: Report, form: WayForm) -> dict[str, object]:
    return {
        "form": form,
        "code": report.code,
        "has_phone": bool(report.reporter and report.reporter.phone),
        "push": listening.box(request, report.code, report),
    }
