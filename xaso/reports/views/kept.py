"""What residents see of a sealed report: two lines and a phone, as large as a refused factor."""

from django.http import HttpResponse
from django.shortcuts import render

from xaso.kernel.text import phone
from xaso.kernel.web.http import CommuneRequest
from xaso.reports import queries, rulebook
from xaso.reports.models import Report

BLOCK = 16_384  # bytes: both pages are filled up to a whole number of these, and not compressed


def page(request: CommuneRequest, view: queries.PublicView) -> HttpResponse:
    """Show that the commune has it and whom to call: the same with and without second factor."""
    context = {"view": view, "desk_phone": desk_phone(request)}
    response = render(request, "reports/sealed/kept.html", context)
    response["Cache-Control"] = "no-store"
    return evened(request, response)


def receipt(request: CommuneRequest, report: Report) -> HttpResponse:
    """Give the sender the code of what was sealed on arrival; nothing on it says what it is."""
    context = {"report": report, "desk_phone": desk_phone(request)}
    return render(request, "reports/sealed/receipt.html", context)


def evened(request: CommuneRequest, response: HttpResponse) -> HttpResponse:
    """Fill a page up to a whole block, so that its length on the wire says nothing."""
    short = -len(response.content) % BLOCK
    filler = b"<!--" + b" " * max(0, short - 7) + b"-->" if short >= 7 else b" " * short
    response.content += filler
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return response


def desk_phone(request: CommuneRequest) -> str:
    """Return the phone of those who receive citizens, as it is read aloud."""
    set_by_commune = rulebook.of(request.commune.id).text("phone.reception")
    try:
        return phone.grouped(phone.normalise(set_by_commune or request.commune.phone))
    except ValueError:
        return set_by_commune or request.commune.phone
