"""Find people: without accents, by other spellings, by parts of a name and a birth year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing import rows
from xaso.kernel.text import fold, fold_tight
from xaso.population import asking, births, naming, national_id, rulebook, sounding
from xaso.population.asking import Asked
from xaso.population.models import Household, Membership, Person, PersonIdentifier
from xaso.population.queries import apart, people

PAGE = 20
MOST = 201  # one more than is counted: "more than 200"
BAND = MOST - 1


@dataclass(frozen=True)
class Line:
    """One person of a list: no number and no ethnic group; some eyes get the birth year alone."""

    id: UUID
    name: str
    sex: str
    born: str
    birth_year: str
    status: str
    village: str
    village_id: int | None
    household: str  # its code
    role: str


@dataclass(frozen=True)
class Found:
    """A page of people; `count` counts up to `BAND`, `is_more` says that there are others."""

    lines: Sequence[Line]
    count: int
    is_more: bool
    page: int
    asked: Asked

    @property
    def pages(self) -> int:
        """Return how many pages there are to turn."""
        return max(1, -(-self.count // PAGE))


def find_persons(
    commune: Commune, asked: Asked, *, villages: Iterable[int] | None = None, page: int = 1
) -> Found:
    """Return people who fit what was asked, best first; `villages` are the only ones to look in.

    Order: the very name, the same without accents, the beginning, the same sound, alike; then the
    birth year, then the alphabet. A record that was merged is never there; its names find the one
    that remains. One that is set apart is found by nobody. A number is found whole or not at all.
    """
    allowed = None if villages is None else set(villages)
    set_apart = apart.keys(commune)
    keys = [key for key in _keys(commune, asked, allowed) if key not in set_apart]
    count = min(len(keys), BAND)
    turned = max(1, min(page, -(-count // PAGE) or 1))
    shown = keys[:BAND][(turned - 1) * PAGE : turned * PAGE]
    return Found(lines(commune, shown), count, len(keys) > BAND, turned, asked)


def by_number(commune: Commune | UUID, kind: str, text: str) -> Sequence[Person]:
    """Return who has a number, exactly; merged records lead to the one that remains."""
    blind = rows.index(national_id.normalised(text), purpose=kind)
    found = PersonIdentifier.objects.filter(commune=commune, kind=kind, blind_index=blind)
    keys = dict.fromkeys(found.values_list("person_id", flat=True))
    return list(dict.fromkeys(people.resolve_person(key) for key in keys))


def read(text: str, villages: Sequence[Village], village: int | None = None) -> Asked:
    """Return what the one box asks for; see `asking.read`."""
    return asking.read(text, villages, village)


def lines(commune: Commune | UUID, keys: Sequence[UUID]) -> Sequence[Line]:
    """Return people as lines of a list, in the order of their keys; two statements."""
    if not keys:
        return []
    rows_ = Person.objects.filter(commune=commune, pk__in=keys).select_related("village")
    found = {person.pk: person for person in rows_}
    homes = _homes(keys)
    return [_line(found[key], homes.get(key)) for key in keys if key in found]


def _homes(keys: Sequence[UUID]) -> dict[UUID, Membership]:
    held = Membership.objects.filter(person__in=keys, period__contains=people.today())
    ranked = sorted(
        held.select_related("household"),
        key=lambda row: ("permanent", "temporary", "living_only").index(row.residence_kind),
        reverse=True,
    )
    return {row.person_id: row for row in ranked}


def _line(person: Person, home: Membership | None) -> Line:
    return Line(
        id=person.pk,
        name=person.display_name,
        sex=person.get_sex_display(),
        born=births.shown(person.birth_date, person.birth_precision),
        birth_year=str(person.birth_year or births.shown(None, "unknown")),
        status=person.status,
        village=person.village.full_name if person.village else "",
        village_id=person.village_id,
        household=home.household.code if home else "",
        role=str(home.get_role_display()) if home else "",
    )


def _keys(commune: Commune, asked: Asked, allowed: set[int] | None) -> list[UUID]:
    if asked.number:
        found = by_number(commune, asked.kind, asked.number) if allowed is None else []
        return [person.pk for person in found]
    if asked.code:
        return _of_household(commune, asked.code, allowed)
    places = allowed
    if asked.village is not None:
        places = {asked.village} if allowed is None else {asked.village} & allowed
    if places is not None and not places:
        return []
    return _by_name(commune, asked, sorted(places) if places is not None else None)


def _of_household(commune: Commune, code: str, allowed: set[int] | None) -> list[UUID]:
    household = Household.objects.filter(commune=commune, code=code).first()
    if household is None or (allowed is not None and household.village_id not in allowed):
        return []
    return [row.person_id for row in people.members(household)]


def _by_name(commune: Commune, asked: Asked, places: list[int] | None) -> list[UUID]:
    folded = fold(asked.words)
    values = [
        folded,
        fold_tight(asked.words),
        sounding.of_folded(folded, rulebook.classes(commune.id)),
        naming.exact(asked.words),
        asked.year,
        places,
        MOST,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person FROM population_search(%s, %s, %s, %s, %s, %s::bigint[], %s)", values
        )
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))[:MOST]
