"""What residents see before they go into a room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from xaso.dossiers.queries import rounds
from xaso.kernel.audit import queries as audit
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates, so
from xaso.kernel.voices import queries as voices
from xaso.kernel.web.caching import public
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock
from xaso.portal import drawings
from xaso.reports.queries import alarms, board, figures

_ANSWERS = 4
_MOST_COUNTED = 12  # communes of one host; more are only listed


@public(60)
def communes(request: HttpRequest) -> HttpResponse:
    """List the communes of a shared host."""
    served = places.communes()
    found = [
        {
            "name": place.full_name,
            "url": f"/{place.slug}/",
            "about": _about(place, counts=len(served) <= _MOST_COUNTED),
            "map": drawings.commune(place, width=120),
        }
        for place in served
    ]
    is_demo = any(place.is_demo for place in served)
    return render(request, "portal/communes.html", {"communes": found, "is_demo": is_demo})


def _about(place: Commune, *, counts: bool) -> str:
    """Return what a card says of a commune: one short visit inside it per card, if they are few."""
    province = _("tỉnh %(province)s") % {"province": place.province}
    if not counts:
        return province
    with tenancy.inside(place.id):
        there, waiting = len(places.villages(place)), figures.count_unanswered(place)
    return _("%(province)s · %(villages)s bản, tổ · %(waiting)s việc đang làm") % {
        "province": province,
        "villages": so(there),
        "waiting": so(waiting),
    }


@public(15)
@citizen_page
def home(request: CommuneRequest) -> HttpResponse:
    """Ask what someone needs, then show what the commune answered."""
    today = dates.local(clock.now()).date()
    share = figures.on_time(request.commune, *figures.last_days(today))
    lines = board.recent_answers(request.commune, _ANSWERS)
    context = {"answers": lines, "share": share, "warnings": alarms.warnings(request.commune)}
    return render(request, "portal/home.html", context)


@public(300)
@citizen_page
def villages(request: CommuneRequest) -> HttpResponse:
    """Show the villages as a drawing and as a list beside it."""
    there = places.villages(request.commune)
    coming = rounds.next_by_village(request.commune)
    context = {
        "villages": [(each, coming.get(each.pk)) for each in there],
        "map": drawings.commune(request.commune, there),
    }
    return render(request, "portal/villages.html", context)


@public(60)
@citizen_page
def listen(request: CommuneRequest) -> HttpResponse:
    """Let someone choose the language in which pages speak; each name says itself."""
    samples = voices.clips(request.commune.id).get("portal.listen", {})
    found = [
        (code, name, get_script_prefix() + samples[code] if code in samples else "")
        for code, name in voices.languages(request.commune.id)
    ]
    return render(request, "portal/listen.html", {"languages": found})


@public(300)
@citizen_page
def about(request: CommuneRequest) -> HttpResponse:
    """Say whose page this is, what happens to what people send, and how the log is sealed."""
    return render(request, "portal/about.html", {"seals": _seals()})


def _seals() -> list[dict[str, object]]:
    return [{"day": seal.day, "hex": bytes(seal.root).hex()} for seal in audit.daily_seals(limit=7)]
