"""Before sending: published reports that may be the same matter, as a fragment or as one step.

The script asks for the fragment while a resident writes; without script the same list stands once
between the form and the receipt. What was typed and the photos travel along in the form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.places import queries as places
from xaso.kernel.text import so
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock
from xaso.reports import actions, alike, catalogue, likeness
from xaso.reports.forms import SendForm
from xaso.reports.models import Report
from xaso.reports.queries import board
from xaso.reports.views import asking, senders, uploads

_SALT = "reports.seen"
_SEEN_SECONDS = 24 * 3600
_MOST = 3  # on a phone
_STEP_M = 50  # distances are told in steps: exact ones would be a false promise


@dataclass(frozen=True)
class Choice:
    """A published report beside the question whether this is the same."""

    code: str
    title: str
    place: str
    distance: str
    received_at: object
    people: int
    is_very: bool
    picture: Picture | None


@csrf_exempt  # only reads, and only what everybody may see
@citizen_page
@caching.personal
@require_POST
def fragment(request: CommuneRequest) -> HttpResponse:
    """Return the list for what is typed so far; empty while too little is known."""
    kinds = catalogue.of(request.commune.id)
    villages = places.villages(request.commune)
    form = SendForm(request.POST, kinds=kinds, villages=villages)
    form.is_valid()
    found = _found(request, form.cleaned_data, (), kinds)
    return render(request, "reports/alike/fragment.html", _context(request, found, kinds))


def before_sending(
    request: CommuneRequest, form: SendForm, gathered: uploads.Gathered
) -> HttpResponse | None:
    """Return the step that shows what is alike, or None when all of it was seen before."""
    kinds = catalogue.of(request.commune.id)
    found = _found(request, form.cleaned_data, gathered.photos, kinds)
    seen = {each.code for each in shown(request)}
    if all(other.code in seen for other in found):
        return None
    context = _context(request, found, kinds) | {
        "typed": [(box.html_name, box.value()) for box in form if box.value() not in (None, "")]
        + asking.travelling(request),
        "kept": gathered.shown(),
        "kept_voice": gathered.kept_voice,
        "seconds": request.POST.get("tieng-giay", "")[:3],
        "seen": request.POST.getlist("da_xem")[-1:],
    }
    return render(request, "reports/alike/before.html", context)


def shown(request: CommuneRequest) -> list[actions.Shown]:
    """Return what the sender was shown, as the signed boxes of the form say."""
    found: dict[str, actions.Shown] = {}
    for signed in request.POST.getlist("da_xem")[-2:]:
        try:
            rows = signing.loads(signed, salt=_SALT, max_age=_SEEN_SECONDS)
        except signing.BadSignature:
            continue
        found |= {code: actions.Shown(code, score, factors) for code, score, factors in rows}
    return list(found.values())


def keep_seen(request: CommuneRequest, report: Report) -> None:
    """Keep that the sender saw these and sent a report of their own."""
    if said := shown(request):
        actions.sent_anyway(report, said)


def _found(
    request: CommuneRequest,
    said: dict[str, Any],
    photos: Sequence[Attachment],
    kinds: catalogue.Categories,
) -> list[alike.Other]:
    """Return what may be the same; nothing for matters that are never public, or that hurry."""
    kind = kinds.by_code.get(str(said.get("category", "")))
    if kind is None or not kind.is_publishable or kind.code.startswith("HAZARD"):
        return []
    seen = alike.Seen(
        category_id=kind.id,
        at=clock.now(),
        village_id=said.get("village"),
        lat=said.get("lat"),
        lon=said.get("lon"),
        accuracy_m=said.get("accuracy"),
        spot=likeness.spot(str(said.get("landmark", ""))),
        text=str(said.get("text", "")),
        hashes=tuple(photo.phash for photo in photos if photo.phash is not None),
        digests=frozenset(photo.sha256 for photo in photos),
        device_hash=senders.device_hash(request),
    )
    return list(alike.for_residents(request.commune.id, seen, kinds))[:_MOST]


def _context(
    request: CommuneRequest, found: Sequence[alike.Other], kinds: catalogue.Categories
) -> dict[str, Any]:
    covers = board.pictures(request.commune, alike.digests(found))
    rows = [[o.code, o.likeness.score, o.likeness.factors] for o in found]
    return {
        "choices": [_choice(other, kinds, covers.get(other.digest)) for other in found],
        "signed": signing.dumps(rows, salt=_SALT) if rows else "",
    }


def _choice(other: alike.Other, kinds: catalogue.Categories, cover: Attachment | None) -> Choice:
    title = board.title(other.text, kinds.name(other.category_id), other.village)
    picture = None
    if cover is not None and cover.is_public:
        picture = attachments.picture(cover, title, step=attachments.THUMBNAIL)
    return Choice(
        code=other.code,
        title=title,
        place=", ".join(filter(None, (other.landmark, other.village))),
        distance=_distance(other.distance_m),
        received_at=other.received_at,
        people=other.people,
        is_very=other.likeness.is_very,
        picture=picture if picture and picture.is_ready else None,
    )


def _distance(metres: float | None) -> str:
    """Return how far it is, in steps of fifty metres: both places are rounded."""
    if metres is None:
        return ""
    steps = max(1, round(metres / _STEP_M))
    return _("cách khoảng %(m)s mét") % {"m": so(steps * _STEP_M)}
