"""The applicant at the counter: found in the register, filled in, earlier papers offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xaso.dossiers import registered
from xaso.dossiers.actions import drawing
from xaso.dossiers.catalogue import Held
from xaso.dossiers.forms.reception import NOBODY, ReceptionForm
from xaso.dossiers.models import Component, Dossier
from xaso.dossiers.queries import earlier
from xaso.dossiers.registered import Known
from xaso.kernel.audit import actions as audit
from xaso.kernel.identity import actions as tries
from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest
from xaso.population.queries import Line

_MINUTE, _BEFORE = timedelta(minutes=1), "dossiers.earlier"


@dataclass(frozen=True)
class Offer:
    """Who of the register may be meant: to choose from, or chosen; `fault` says why nobody."""

    people: Sequence[tuple[str, str]] = ()
    chosen: Known | None = None
    fault: str = ""


def may_look(request: DeskRequest) -> bool:
    """Return whether this official may ask the register about who stands before them."""
    return identity.may(request.actor, "population.look_up")


def looked_up(request: DeskRequest) -> Offer:
    """Return who fits what was typed; one person with the very number is chosen at once."""
    chosen = picked(request)
    if chosen.chosen is not None or chosen.fault or not may_look(request):
        return chosen
    said = request.POST
    asked = registered.Asked(
        drawing.id_of(said.get("id_number", "")),
        said.get("name", ""),
        said.get("birth_year", ""),
        said.get("key", ""),
    )
    try:
        lines = registered.found(asked, commune=request.commune, by=request.actor)
        if asked.number and len(lines) == 1:
            return _of(request, lines[0].id)
    except Refusal as refusal:
        return Offer(fault=str(refusal.sentence))
    return Offer([(str(each.id), _line(each)) for each in lines])


def picked(request: DeskRequest) -> Offer:
    """Return the person chosen on the page, as the register knows them today."""
    try:
        key = UUID(request.POST.get("person", NOBODY))
    except ValueError:
        return Offer()
    if not may_look(request):
        return Offer()
    try:
        return _of(request, key)
    except Refusal as refusal:
        return Offer(fault=str(refusal.sentence))


def linked(request: DeskRequest, form: ReceptionForm) -> UUID | None:
    """Return the key the dossier is linked by. Refuses as `registered.check` does."""
    key = form.cleaned_data.get("person", "")
    if key in ("", NOBODY) or not may_look(request):
        return None
    number = drawing.id_of(form.cleaned_data["id_number"])
    return registered.check(UUID(key), number, commune=request.commune)


def form(
    request: DeskRequest, held: Held, known: Mapping[str, Component], offer: Offer
) -> ReceptionForm:
    """Return the form as it was sent, or empty."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return ReceptionForm(
        held.content, _villages(request), *given, earlier=known, people=offer.people
    )


def filled(
    request: DeskRequest, held: Held, known: Mapping[str, Component], offer: Offer
) -> ReceptionForm:
    """Return the form again: what was typed stays, the register's name and village are taken."""
    typed: dict[str, Any] = {
        key: value for key, value in request.POST.items() if not key.startswith("csrf") and value
    }
    start = _usual(request) | typed | {f"reuse_{c}": str(row.pk) for c, row in known.items()}
    if offer.chosen is not None:
        start = _known(offer.chosen, held) | start | _taken(offer.chosen)
    elif offer.people:
        start["person"] = NOBODY
    return ReceptionForm(
        held.content, _villages(request), initial=start, earlier=known, people=offer.people
    )


def before(request: DeskRequest) -> Dossier | None:
    """Return the newest dossier under the typed number."""
    return earlier.applicant(request.commune, request.POST.get("id_number", ""))


def _usual(request: DeskRequest) -> dict[str, Any]:
    """Return what the newest dossier under a typed number says; each look is written down.

    So many a minute as of the register, so that nobody tries numbers.
    """
    row = before(request)
    if row is None:
        return {}
    bucket = tries.Bucket(f"dossiers.earlier:{request.actor.id}", registered.PER_MINUTE, _MINUTE)
    if not tries.fill([bucket], commune=request.commune.id):
        return {}
    audit.view(row, by=request.actor, commune=request.commune.id, purpose=_BEFORE)
    return {
        "name": row.applicant,
        "address": row.address,
        "phone": row.phone,
        "village": str(row.village_id or ""),
    }


def _known(person: Known, held: Held) -> dict[str, Any]:
    answers = registered.filled(held.content, person.facts)
    return {"address": person.address} | {f"q_{code}": text for code, text in answers.items()}


def _taken(person: Known) -> dict[str, Any]:
    taken: dict[str, Any] = {"person": str(person.id), "name": person.name}
    return taken | ({"village": str(person.village_id)} if person.village_id else {})


def _of(request: DeskRequest, key: UUID) -> Offer:
    person = registered.known(
        key, request.POST.get("key", ""), commune=request.commune, by=request.actor
    )
    said = [person.name, _("sinh năm %s") % (person.birth_year or "?"), person.village]
    return Offer([(str(person.id), ", ".join(filter(None, said)))], person)


def _line(each: Line) -> str:
    said = [each.name, _("sinh năm %s") % each.birth_year, each.village]
    if each.household:
        said.append(_("hộ %s") % each.household)
    return ", ".join(filter(None, said))


def _villages(request: DeskRequest) -> list[tuple[int, str]]:
    return [(each.pk, each.full_name) for each in places.villages(request.commune)]
