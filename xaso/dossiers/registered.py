"""Who stands at the counter, by the register of people: found, and what the register knows.

A number finds exactly, a name with a birth year finds alike, a record set apart is found by nobody;
nobody is linked by the program. Every look is written down for the purpose `one_stop`, with the key
of the dossier it belongs to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from xaso.dossiers.content.shape import Content
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as tries
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.population import actions as looks
from xaso.population import births
from xaso.population import queries as population
from xaso.population.models import FieldGroup, Person, Precision
from xaso.population.queries import Line, apart

PURPOSE = "one_stop"
MOST = 8  # of alike people on one page
PER_MINUTE = 30
_KINDS = {12: "national_id", 9: "cmnd_9"}


class NotInTheRegister(Invalid):
    """The chosen person is not there, or no more."""

    sentence = _("Người này không còn trong sổ dân cư. Bác tìm lại, hoặc không gắn với sổ.")


class OtherPersonsNumber(Invalid):
    """The number belongs to somebody else of the register."""

    sentence = _("Số định danh này trong sổ dân cư là của người khác. Bác đối chiếu lại giấy tờ.")


@dataclass(frozen=True)
class Known:
    """What the register knows of somebody, as the form fills it in; no number, no phone."""

    id: UUID
    name: str
    birth_year: str
    address: str
    village: str
    village_id: int | None
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """What was typed at the counter: digits of a paper, else a name and a year."""

    number: str
    name: str
    year: str
    ref: str  # the key of the dossier that is being written


def found(asked: Asked, *, commune: Commune, by: Actor) -> Sequence[Line]:
    """Return who fits, at most eight, and write down that they were shown.

    A number finds its people exactly and nobody else; without one a name of two words at least.
    Refuses with Invalid (too little was typed) and TooMany.
    """
    if not asked.number and not asked.name.strip():
        return []
    bucket = f"dossiers.register:{by.id}"
    tries.take(bucket, limit=PER_MINUTE, per=timedelta(minutes=1), commune=commune.id)
    typed = asked.number or f"{asked.name} {asked.year}"
    shown = population.find_persons(commune, population.read(typed, [])).lines[:MOST]
    looks.searched([each.id for each in shown], PURPOSE, commune=commune.id, by=by)
    return shown


def known(key: UUID, ref: str, *, commune: Commune, by: Actor) -> Known:
    """Return what the register knows of somebody, and write the look down.

    Refuses with NotInTheRegister.
    """
    person = _person(key, commune)
    looks.saw(person, [FieldGroup.BASIC], looks.Purpose(PURPOSE, ref), by=by)
    home = population.household_of(person)
    address = home.dwelling.address if home and home.dwelling else ""
    village = person.village.full_name if person.village else ""
    return Known(
        person.pk,
        person.display_name,
        str(person.birth_year or ""),
        address
        if village and address.endswith(village)
        else ", ".join(filter(None, (address, village))),
        village,
        person.village_id,
        facts(person),
    )


def check(key: UUID, number: str, *, commune: Commune) -> UUID:
    """Return the key to link, through merges, when the number is not somebody else's.

    Refuses with NotInTheRegister and OtherPersonsNumber.
    """
    person = _person(key, commune)
    if number:
        owners = population.by_number(commune, _KINDS[len(number)], number)
        if owners and person.pk not in {each.pk for each in owners}:
            raise OtherPersonsNumber(errors={"id_number": [str(OtherPersonsNumber.sentence)]})
    return person.pk


def facts(person: Person, asks: Person | None = None) -> dict[str, str]:
    """Return what questions of a procedure may be filled in with, by their `prefill`."""
    return {
        "applicant.name": (asks or person).display_name,
        "person.name": "" if person.is_unnamed else person.display_name,
        "person.birth_date": births.shown(person.birth_date, person.birth_precision),
        "person.village": person.village.full_name if person.village else "",
        "person.sex": str(person.get_sex_display()),
    } | _day(person.birth_date, person.birth_precision)


def filled(content: Content, said: Mapping[str, str]) -> dict[str, str]:
    """Return the answers the register gives to a version's questions; days only when exact."""
    answers = {}
    for each in content.form:
        name = f"{each.prefill}.iso" if each.kind == "date" else each.prefill
        if value := said.get(name):
            answers[each.code] = value
    return answers


def _day(day: date | None, precision: str) -> dict[str, str]:
    is_exact = day is not None and precision == Precision.DAY
    return {"person.birth_date.iso": day.isoformat()} if day and is_exact else {}


def _person(key: UUID, commune: Commune) -> Person:
    try:
        person = population.resolve_person(key)
    except NotFound:
        person = None
    if person is None or person.commune_id != commune.id or person.pk in apart.keys(commune):
        raise NotInTheRegister(errors={"person": [str(NotInTheRegister.sentence)]})
    return person
