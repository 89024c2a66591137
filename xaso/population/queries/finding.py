"""Find people: without accents, by other spellings, by parts of a name and a birth year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing import rows
from xaso.kernel.text import fold, fold_tight
from xaso.population import asking, births, naming, national_id, rulebook, sounding
from xaso.population.asking import Asked
from xaso.population.models import Membership, Person, PersonIdentifier, Role, Sex
from xaso.population.queries import apart, people

PAGE = 20
MOST = 201  # one more than is counted: "more than 200"
BAND = MOST - 1
_SEX = {value.value: value.label for value in Sex}
_ROLE = {value.value: value.label for value in Role}
_SEARCH = """
    WITH apart AS MATERIALIZED (
        SELECT person_id FROM population_restriction WHERE commune_id = %s AND ended_at IS NULL
    )
    SELECT s.person, s.person IN (SELECT person_id FROM apart)
    FROM population_search(%s, %s, %s, %s, %s, %s::bigint[], %s) s
"""
_LINES = "SELECT * FROM population_lines(%s::uuid[], %s)"


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
    Three or four statements.
    """
    keys = _keys(commune, asked, None if villages is None else set(villages))
    count = min(len(keys), BAND)
    turned = max(1, min(page, -(-count // PAGE) or 1))
    shown = keys[:BAND][(turned - 1) * PAGE : turned * PAGE]
    return Found(lines(shown), count, len(keys) > BAND, turned, asked)


def by_number(commune: Commune | UUID, kind: str, text: str) -> Sequence[Person]:
    """Return who has a number, exactly; merged records lead to the one that remains."""
    keys = dict.fromkeys(_holders(commune, kind, text))
    return list(dict.fromkeys(people.resolve_person(key) for key in keys))


def read(text: str, villages: Sequence[Village], village: int | None = None) -> Asked:
    """Return what the one box asks for; see `asking.read`."""
    return asking.read(text, villages, village)


def lines(keys: Sequence[UUID]) -> Sequence[Line]:
    """Return people as lines of a list, in the order of their keys; one statement."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(keys), people.today()])
        return [_line(row) for row in cursor.fetchall()]


def _line(row: tuple[Any, ...]) -> Line:
    key, name, sex, day, precision, year, status, village, kind, place, household, role = row
    return Line(
        id=key,
        name=name,
        sex=str(_SEX[sex]),
        born=births.shown(day, precision),
        birth_year=str(year or births.shown(None, "unknown")),
        status=status,
        village=Village(kind=kind, name=place).full_name if kind and place else "",
        village_id=village,
        household=household or "",
        role=str(_ROLE[role]) if role else "",
    )


def _keys(commune: Commune, asked: Asked, allowed: set[int] | None) -> list[UUID]:
    if asked.number or asked.code:
        if asked.number:
            held = _holders(commune, asked.kind, asked.number) if allowed is None else ()
            found = people.survivors(held)
        else:
            found = _of_household(commune, asked.code, allowed)
        hidden = apart.keys(commune) if found else set()
        return [key for key in found if key not in hidden]
    places = allowed
    if asked.village is not None:
        places = {asked.village} if allowed is None else {asked.village} & allowed
    if places is not None and not places:
        return []
    return _by_name(commune, asked, sorted(places) if places is not None else None)


def _holders(commune: Commune | UUID, kind: str, text: str) -> Iterable[UUID]:
    blind = rows.index(national_id.normalised(text), purpose=kind)
    found = PersonIdentifier.objects.filter(commune=commune, kind=kind, blind_index=blind)
    return found.values_list("person_id", flat=True)


def _of_household(commune: Commune, code: str, allowed: set[int] | None) -> list[UUID]:
    held = Membership.objects.filter(
        household__commune=commune, household__code=code, commune=commune,
        period__contains=people.today(),
    )  # fmt: skip
    if allowed is not None:
        held = held.filter(household__village__in=allowed)
    order = held.order_by("person__birth_date", "person__sort_key")
    found = order.values_list("person_id", "role")
    return [key for key, _role in sorted(found, key=lambda row: row[1] != Role.HEAD)]


def _by_name(commune: Commune, asked: Asked, places: list[int] | None) -> list[UUID]:
    folded = fold(asked.words)
    values: list[Any] = [
        commune.id,
        folded,
        fold_tight(asked.words),
        sounding.of_folded(folded, rulebook.classes(commune.id)),
        naming.exact(asked.words),
        asked.year,
        places,
        MOST,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH, values)
        found = dict(cursor.fetchall())
    return [key for key, is_apart in list(found.items())[:MOST] if not is_apart]
