"""What the commune holds about somebody: read, taken along, and asked about by that person.

Opened by the code and the four digits alone, for a sender and for a follower alike.
"""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xaso.kernel.audit import actions as audit
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.reports import actions, queries
from xaso.reports.models import DataRequest
from xaso.reports.people import Person
from xaso.reports.queries import following, rights, viewers
from xaso.reports.queries import holding as held_about
from xaso.reports.views import factor, kept, senders
from xaso.reports.views.data_forms import AskForm

_TONES = {"open": "cam", "accepted": "xanh", "partly": "cham", "refused": "do"}


@citizen_page
@caching.personal
def held(request: CommuneRequest, code: str) -> HttpResponse:
    """Show what the commune holds about a sender or follower, or ask for the four digits."""
    of = _person(request, code)
    if of.report.is_sealed or not senders.gave_factor(request, of.code):
        return factor.asked(request, of, leads_to="reports:held")
    return _page(request, of, AskForm(initial={"uuid": uuid4()}))


@citizen_page
@require_safe
@caching.personal
def download(request: CommuneRequest, code: str) -> HttpResponse:
    """Give the same as a file for programs (JSON); that it was taken stands in the log."""
    of = _opened(request, code)
    said = held_about.holding(of).as_json
    by = senders.resident(request)
    audit.record("reports.data_copied", of.report, by=by, commune=request.commune.id)
    response = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = content_disposition_header(as_attachment=True, filename=f"xa-giu-gi-{of.code}.json")
    response["Content-Disposition"] = str(name)
    return response


@citizen_page
@require_POST
@caching.personal
def ask(request: CommuneRequest, code: str) -> HttpResponse:
    """Take what somebody asks about their data; nothing typed is lost."""
    of = _opened(request, code)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            row = actions.ask_about_data(
                of, actions.Asked(**form.cleaned_data), by=senders.resident(request)
            )
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name if name in form.fields else None, sentences)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Xã đã nhận đề nghị. Bác xem trả lời ở trang này."))
            del row
            return redirect("reports:held", of.code)
    return _page(request, of, form, status=422)


@citizen_page
@require_POST
@caching.personal
def take_back(request: CommuneRequest, code: str, key: int) -> HttpResponse:
    """Let somebody take their own request back."""
    of = _opened(request, code)
    row = rights.of_person(of).filter(pk=key).first()
    if row is None:
        raise NotFound
    try:
        actions.take_back_data_request(row, by=senders.resident(request))
        messages.success(request, _("Bác đã rút đề nghị."))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("reports:held", of.code)


def _page(request: CommuneRequest, of: Person, form: AskForm, status: int = 200) -> HttpResponse:
    context = {
        "it": held_about.holding(of),
        "of": of,
        "days": viewers.viewers(of.report, of.follower),
        "asked": [_drawn(row) for row in rights.of_person(of)],
        "form": form,
        "desk_phone": kept.desk_phone(request),
        "promise": rights.promise(request.commune),
    }
    return render(request, "reports/rights/held.html", context, status=status)


def _drawn(row: DataRequest) -> dict[str, object]:
    return {
        "row": row,
        "kind": row.get_kind_display(),
        "state": row.get_state_display(),
        "tone": _TONES.get(row.state, "line"),
        "did": rights.done_words(row),
        "is_open": row.state == DataRequest.State.OPEN,
    }


def _opened(request: CommuneRequest, code: str) -> Person:
    """Return the person whose four digits this browser gave. Refuses with NotFound."""
    of = _person(request, code)
    if of.report.is_sealed or not senders.gave_factor(request, of.code):
        raise NotFound
    return of


def _person(request: CommuneRequest, code: str) -> Person:
    """Return whose code it is: a follower's own, else a sender's. Refuses with NotFound."""
    checked = queries.check_code(code)
    follower = following.by_code(request.commune, checked)
    if follower is not None and follower.code == checked:
        return Person(follower.report, follower)
    return Person(queries.by_code(request.commune, checked))
