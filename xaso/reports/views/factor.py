"""The question for four digits, before anything that only the sender or a follower may see."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.web.http import CommuneRequest
from xaso.reports import queries, slips, turns
from xaso.reports.forms import FactorForm
from xaso.reports.people import Person
from xaso.reports.views import kept, senders


def asked(request: CommuneRequest, of: Person, *, leads_to: str) -> HttpResponse:
    """Ask for the four digits, and lead on once they are right.

    A wrong answer is as large as the page of a sealed report, which takes no answer at all; five
    wrong ones for a code, thirty from a neighbourhood, have to wait an hour.
    """
    form = FactorForm(request.POST or None)
    is_sealed = of.report.is_sealed
    if form.is_valid():
        turns.try_factor(of.code, identity.address(request), request.commune.id)
        if slips.opens_code(of.code, form.cleaned_data["factor"], of.reporter) and not is_sealed:
            turns.forget_factor(of.code, request.commune.id)
            response = redirect(leads_to, of.code)
            senders.open_code(request, response, of.code)
            return response
        form.add_error("factor", _("4 số này chưa đúng. Bà con xem lại giấy hẹn."))
    if is_sealed:
        return kept.page(request, queries.public_view(of.report))
    context = {"form": form, "code": of.code}
    status = 422 if form.errors else 200
    page = render(request, "reports/citizen/factor.html", context, status=status)
    return kept.evened(request, page) if form.errors else page
