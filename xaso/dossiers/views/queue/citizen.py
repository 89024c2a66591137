"""Residents: where my number stands, and booking a time. No name is asked."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xaso.dossiers import actions, slots
from xaso.dossiers.actions import booking as booking_actions
from xaso.dossiers.models import Booking
from xaso.dossiers.queries import waiting
from xaso.dossiers.views.queue.codes import drawn
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as tries
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Refusal, TooMany
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock

_HOUR = timedelta(hours=1)
_BOOKED, _WRONG = 30, 60  # of one address in an hour: a village may share one


@require_safe
@citizen_page
def standing(request: CommuneRequest, uuid: UUID) -> HttpResponse:
    """Show how many go before a number, and what is called now."""
    found = waiting.standing(request.commune, uuid)
    if found is None:
        raise Http404
    answer = render(request, "dossiers/queue/standing.html", {"found": found, "now": clock.now()})
    answer["Cache-Control"] = "no-store"
    return answer


@citizen_page
def book(request: CommuneRequest) -> HttpResponse:
    """Choose what for and when; the answer is a code."""
    groups = [g for g in waiting.groups(request.commune, is_open=True) if g.places_per_slot]
    chosen = next((g for g in groups if g.letter == request.GET.get("nhom")), None)
    refusal = ""
    if request.method == "POST":
        try:
            near = _near(request, "booked")
            tries.take(near, limit=_BOOKED, per=_HOUR, commune=request.commune.id)
            made = actions.book(_asked(request), commune=request.commune, by=_resident())
            return redirect("dossiers_queue:booked", made.code)
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "groups": groups,
        "chosen": chosen,
        "days": slots.free(request.commune, chosen, booking_actions.MOST_DAYS) if chosen else [],
        "key": uuid4(),
        "refusal": refusal,
    }
    return render(request, "dossiers/queue/book.html", context, status=409 if refusal else 200)


@citizen_page
def booked(request: CommuneRequest, code: str) -> HttpResponse:
    """Show a booking with its code; give the place back."""
    found = _found(request, code)
    if request.method == "POST":
        actions.cancel_booking(code, commune=request.commune, by=_resident())
        return redirect("dossiers_queue:book")
    names = {group.letter: group.name for group in waiting.groups(request.commune)}
    address = request.build_absolute_uri(reverse("dossiers_queue:booked", args=[code]))
    context = {"found": found, "group": names.get(found.letter, ""), "qr": drawn(address)}
    return render(request, "dossiers/queue/booked.html", context)


def _found(request: CommuneRequest, code: str) -> Booking:
    """Return a booking by its six digits; codes that are none count, so that nobody tries them.

    Refuses with TooMany, then also for a code that is one.
    """
    bucket = tries.Bucket(_near(request, "booking"), _WRONG, _HOUR)
    commune = request.commune.id
    level = tries.level(bucket.key, limit=bucket.limit, per=bucket.per, commune=commune)
    if level + 1 > bucket.limit:
        raise TooMany(retry_after=tries.wait(bucket, commune=commune))
    found = waiting.booking(request.commune, code)
    if found is None:
        tries.fill([bucket], commune=commune)
        raise Http404
    return found


def _near(request: CommuneRequest, what: str) -> str:
    return f"dossiers.{what}_of:{identity.prefix(identity.address(request))}"


def _resident() -> Actor:
    return Actor("resident", "", "web")


def _asked(request: CommuneRequest) -> actions.NewBooking:
    try:
        at = datetime.fromisoformat(request.POST.get("luc", ""))
        key = UUID(request.POST.get("key", ""))
    except ValueError as error:
        raise actions.SlotUnknown from error
    if at.tzinfo is None:
        raise actions.SlotUnknown
    return actions.NewBooking(key, request.POST.get("nhom", "")[:1], at)
