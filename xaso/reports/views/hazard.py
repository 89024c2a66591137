"""The red button: two taps, no words needed, nothing refused."""

from collections.abc import Mapping
from math import isfinite
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page, needs
from xaso.reports import actions, catalogue, queries, turns, wire
from xaso.reports.models import Stream
from xaso.reports.queries import alarms
from xaso.reports.views import senders

_WORST_M = 100_000  # a device that knows less than this knows nothing


@needs("geolocation")
@citizen_page
@caching.personal
def send(request: CommuneRequest) -> HttpResponse:
    """Show the kinds of danger and take one in; a place is taken if it is there."""
    fault = ""
    if request.method == "POST":
        try:
            report = _receive(request)
        except Invalid as refusal:
            fault = " ".join(s for found in refusal.errors.values() for s in found)
        else:
            done = redirect("reports:hazard_sent", report)
            senders.know_device(request, done)
            return done
    response = _drawn(request, fault=fault, uuid=str(_key(request.POST.get("uuid", ""))))
    senders.know_device(request, response)
    return response


@needs("geolocation")
@citizen_page
@caching.public(60)
def shell(request: CommuneRequest) -> HttpResponse:
    """Show the red form as phones keep it: the same for all, without anybody's key and token."""
    return _drawn(request, is_kept=True)


@needs("geolocation")
@citizen_page
@caching.personal
def sent(request: CommuneRequest, code: str) -> HttpResponse:
    """Say that the alarm rings, and whom to call; the page adds a better position by itself."""
    report = queries.by_code(request.commune, queries.check_code(code))
    context = {
        "report": report,
        "is_sender": senders.is_sender(request, report) and not report.is_sealed,
        "numbers": alarms.numbers(request.commune),
    }
    return render(request, "reports/hazard/sent.html", context)


def _drawn(
    request: CommuneRequest, *, fault: str = "", uuid: str = "", is_kept: bool = False
) -> HttpResponse:
    kinds = catalogue.of(request.commune.id).choices
    context = {
        "kinds": [
            {"value": k.code, "text": k.name, "icon": k.icon}
            for k in kinds
            if k.stream == Stream.HAZARD
        ],
        "chosen": request.POST.get("category", ""),
        "uuid": uuid,
        "villages": places.villages(request.commune),
        "numbers": alarms.numbers(request.commune),
        "fault": fault,
        "is_kept": is_kept,
    }
    return render(request, "reports/hazard/send.html", context, status=422 if fault else 200)


def _receive(request: CommuneRequest) -> str:
    said = request.POST
    category = said.get("category", "")[:40]
    kind = catalogue.of(request.commune.id).by_code.get(category)
    if kind is None or kind.stream != Stream.HAZARD:
        raise Invalid(errors={"category": [_("Bà con bấm vào loại nguy hiểm.")]})
    address, device = identity.address(request), senders.device_hash(request)
    turns.take(turns.Sender(device, address), request.commune.id, is_hazard=True)
    new = actions.NewReport(
        uuid=_key(said.get("uuid", "")),
        content_hash=wire.content_hash({"hazard": category, "uuid": said.get("uuid", "")}),
        category=category,
        channel="web_plain",
        text=said.get("text", "")[:1_000],
        place=_place(request),
        contact=actions.Contact(phone=said.get("phone", "")[:20]),
        device_hash=device,
        ip_prefix_hash=senders.address_hash(request, identity.prefix(address)),
    )
    by = senders.resident(request)
    return actions.receive(new, by=by, commune=request.commune).report.code


def _place(request: CommuneRequest) -> actions.Place:
    """Return where it is as far as the form says; what cannot be read is left out, not refused."""
    said = request.POST
    known = {str(each.pk): each.pk for each in places.villages(request.commune)}
    key = known.get(said.get("village", ""))
    lat, lon = _number(said, "lat", -90, 90), _number(said, "lon", -180, 180)
    if lat is None or lon is None:
        return actions.Place(village_id=key)
    metres = _number(said, "accuracy", 0, _WORST_M)
    accuracy = None if metres is None else int(metres)
    return actions.Place(village_id=key, lat=lat, lon=lon, accuracy_m=accuracy, source="gps")


def _number(said: Mapping[str, str], name: str, least: float, most: float) -> float | None:
    try:
        found = float(said.get(name, ""))
    except ValueError:
        return None
    return found if isfinite(found) and least <= found <= most else None


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
