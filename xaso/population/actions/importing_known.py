"""What the register holds of the people and households that some rows of a list speak of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.kernel.places.models import Village
from xaso.kernel.sealing import rows as sealing
from xaso.population import naming, rulebook, scoring, sounding
from xaso.population.actions.bulk import look_again
from xaso.population.births import Partial
from xaso.population.lists import names
from xaso.population.lists.comparing import House, Known, Span, Stated
from xaso.population.models import (
    Dwelling,
    Household,
    HouseholdState,
    ImportBatch,
    ImportRow,
    Membership,
    NumberKind,
    Person,
    PersonContact,
    PersonIdentifier,
    PersonName,
    Role,
    SenderHousehold,
    Status,
)
from xaso.population.scoring import Facts

_PAPERS = (NumberKind.NATIONAL, NumberKind.CMND)
_PEOPLE = (
    "id", "version", "display_name", "exact", "fold", "fold_tight", "sound", "sex", "birth_date",
    "birth_precision", "ethnic_code", "status", "village_id", "merged_into_id",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """A row of a list as the steps need it; `said` and `diff` are JSON, opened."""

    key: int
    number: int
    unit: int
    code: str
    kind: str
    said: str
    diff: str
    rules: list[Any]
    errors: list[Any]
    person_id: UUID | None
    person_version: int | None
    household_id: UUID | None
    candidates: list[Any]
    decision: str
    reason: str


_ROW = ("pk", *(f.name for f in fields(Row) if f.name != "key"))


@dataclass
class Register:
    """A part of the register: people by key, who has which number, households by a list's code.

    `points` and `classes` are the commune's own, read once for all rows.
    """

    points: scoring.Points
    classes: sounding.Classes
    villages: dict[int | None, str]  # names as they are shown
    people: dict[UUID, Known] = field(default_factory=dict)
    by_number: dict[bytes, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    houses: dict[UUID, House] = field(default_factory=dict)
    by_code: dict[str, UUID] = field(default_factory=dict)
    members: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    by_tight: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    by_sound: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def house(self, code: str) -> House | None:
        """Return the household that a code of the list stands for, if any."""
        key = self.by_code.get(code)
        return self.houses.get(key) if key else None

    def stood_for(self, batch: ImportBatch) -> set[UUID]:
        """Return for whom of these another row of the list stands already."""
        rows = ImportRow.objects.filter(batch=batch, person__among=list(self.people))
        return set(rows.exclude(kind="").values_list("person_id", flat=True))


def part(batch: ImportBatch, after: int, most: int) -> list[Row]:
    """Return about so many rows of whole households after a unit."""
    look_again(batch.commune_id, batch.total)
    rows = ImportRow.objects.filter(batch=batch, unit__gt=after).order_by("unit", "number")
    found = _rows(rows[:most])
    if len(found) < most:
        return found
    last = found[-1].unit
    return [row for row in found if row.unit != last] + _rows(rows.filter(unit=last))


def _rows(rows: "QuerySet[ImportRow]") -> list[Row]:
    return [Row(*values) for values in rows.values_list(*_ROW)]


def stated(said: dict[str, Any]) -> Stated:
    """Return a row's statements with their blind indexes."""
    number, card, reach = said.get("number"), said.get("cmnd"), said.get("phone")
    return Stated(
        said,
        sealing.index(number, purpose=NumberKind.NATIONAL) if number else None,
        sealing.index(card, purpose=NumberKind.CMND) if card else None,
        sealing.index(reach, purpose="phone") if reach else None,
    )


def load(batch: ImportBatch, rows: Sequence[Stated], codes: Iterable[str]) -> Register:
    """Return what the register holds of some rows, in a dozen statements whatever their number.

    People of like names are not among it: `load_alike` brings them for rows that need them.
    """
    register = _empty(batch)
    _houses(register, batch, {code for code in codes if code})
    wanted = _with_numbers(register, batch, rows)
    wanted |= _members(register, batch.as_of)
    _people(register, wanted, batch.as_of)
    return register


def load_alike(register: Register, batch: ImportBatch, rows: Sequence[Stated]) -> None:
    """Load who may be one of the rows by name and is not there yet."""
    if new := _alike(register, batch, rows) - set(register.people):
        _people(register, new, batch.as_of)


def load_decided(
    batch: ImportBatch, rows: Sequence[Stated], codes: Iterable[str], keys: "Decided"
) -> Register:
    """Return what the register holds now of people and households that rows were decided for."""
    register = _empty(batch)
    _houses(register, batch, {code for code in codes if code})
    add_houses(register, batch, keys.houses)
    wanted = keys.people | _with_numbers(register, batch, rows)
    _members(register, batch.as_of)
    _people(register, wanted, batch.as_of)
    return register


def _empty(batch: ImportBatch) -> Register:
    key = batch.commune_id
    villages: dict[int | None, str] = {v.pk: str(v) for v in Village.objects.filter(commune=key)}
    return Register(rulebook.points(key), rulebook.classes(key), villages)


@dataclass(frozen=True)
class Decided:
    """Keys of people and households that rows stand for."""

    people: set[UUID]
    houses: set[UUID]


def _houses(register: Register, batch: ImportBatch, codes: set[str]) -> None:
    own = Household.objects.filter(commune=batch.commune_id, code__among=codes)
    register.by_code.update(own.values_list("code", "id"))
    given = SenderHousehold.objects.filter(
        commune=batch.commune_id, sender_key=batch.sender_key, code__among=codes
    )
    register.by_code.update(given.values_list("code", "household_id"))
    add_houses(register, batch, register.by_code.values())


def add_houses(register: Register, batch: ImportBatch, keys: Iterable[UUID]) -> None:
    """Load households by key."""
    wanted = set(keys)
    if not wanted:
        return
    rows = list(
        Household.objects.filter(commune=batch.commune_id, pk__among=wanted).values_list(
            "pk", "code", "village_id", "dwelling_id", "state"
        )
    )
    dwellings = Dwelling.objects.filter(pk__among={row[3] for row in rows if row[3]})
    addresses = dict(dwellings.values_list("pk", "address"))
    for key, code, village, dwelling, state in rows:
        register.houses[key] = House(
            key,
            code,
            village,
            register.villages.get(village, ""),
            addresses.get(dwelling, ""),
            state == HouseholdState.CLOSED,
            dwelling=dwelling,
        )


def _with_numbers(register: Register, batch: ImportBatch, rows: Sequence[Stated]) -> set[UUID]:
    indexes = {index for row in rows for index in (row.number, row.card) if index}
    if not indexes:
        return set()
    found = PersonIdentifier.objects.filter(
        commune=batch.commune_id, kind__in=_PAPERS, blind_index__among=indexes
    )
    owners = [(bytes(index), key) for index, key in found.values_list("blind_index", "person_id")]
    people = Person.objects.filter(
        pk__among={key for _index, key in owners}, merged_into__isnull=False
    )
    merged = dict(people.values_list("pk", "merged_into_id"))
    keys: set[UUID] = set()
    for index, key in owners:
        owner = merged.get(key) or key  # one hop: longer chains end at a case for an official
        register.by_number[index].append(owner)
        keys.add(owner)
    return keys


def extend(register: Register, batch: ImportBatch, keys: Iterable[UUID]) -> None:
    """Load more households with their members."""
    new = set(keys) - set(register.houses)
    if not new:
        return
    add_houses(register, batch, new)
    people = _members(register, batch.as_of, new)
    _people(register, people - set(register.people), batch.as_of)


def _members(register: Register, on: date, houses: Iterable[UUID] = ()) -> set[UUID]:
    wanted = list(houses) or list(register.houses)
    if not wanted:
        return set()
    rows = Membership.objects.filter(_from(on), household__among=wanted)
    found = list(rows.values_list("household_id", "person_id", "role"))
    for household, person, role in found:
        register.members[household].append(person)
        if role == Role.HEAD:
            register.houses[household] = replace(register.houses[household], head=person)
    return {person for _household, person, _role in found}


def _from(on: date) -> Q:
    """Return what holds on a day or begins later."""
    return Q(period__contains=on) | Q(period__startswith__gt=on)


def _alike(register: Register, batch: ImportBatch, rows: Sequence[Stated]) -> set[UUID]:
    """Return who may be one of the rows by name: never all pairs."""
    said = [row.said["name"] for row in rows if "name" in row.said]
    if not said or not Person.objects.filter(commune=batch.commune_id).exists():
        return set()
    written = [names.written(name, register.classes) for name in said]
    years = {row.birth.day.year for row in rows if row.birth.day}
    near = {year + step for year in years for step in (-1, 0, 1)}
    tights, sounds = {w.fold_tight for w in written}, {w.sound for w in written}
    of_name = Q(fold_tight__among=tights) | Q(sound__among=sounds, birth_year__in=near)
    people = Person.objects.filter(of_name, commune=batch.commune_id)
    return set(people.exclude(status=Status.DUPLICATE).values_list("pk", flat=True))


def _people(register: Register, keys: set[UUID], on: date) -> None:
    if not keys:
        return
    numbers, tails = _numbers(keys)
    phones: dict[UUID, set[bytes]] = defaultdict(set)
    for key, index in PersonContact.objects.filter(person__among=keys, kind="phone").values_list(
        "person_id", "blind_index"
    ):
        phones[key].add(bytes(index))
    others: dict[UUID, set[str]] = defaultdict(set)
    for key, name in PersonName.objects.filter(person__among=keys).values_list("person_id", "name"):
        others[key].add(naming.exact(name))
    spans = _spans(keys, on)
    for row in Person.objects.filter(pk__among=keys).values_list(*_PEOPLE).iterator():
        (key, version, name, exact, fold, tight, sound, sex, day, precision, ethnic_code, status,
         village, merged) = row  # fmt: skip
        if merged:
            continue
        birth = Partial(day, precision)
        national = frozenset(numbers[key][NumberKind.NATIONAL])
        own = tuple(spans[key])
        houses = frozenset(span.household for span in own)
        known = Known(
            key, version, name,
            Facts(fold, tight, sound, birth, sex, houses, village, frozenset(), national, national),
            exact, birth, sex, ethnic_code, status, national,
            frozenset(numbers[key][NumberKind.CMND]), tails.get(key, ""), frozenset(phones[key]),
            frozenset(others[key]), own,
        )  # fmt: skip
        register.people[key] = known
        register.by_tight[tight].append(key)
        register.by_sound[sound].append(key)


def _numbers(keys: set[UUID]) -> tuple[dict[UUID, dict[str, set[bytes]]], dict[UUID, str]]:
    found: dict[UUID, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    tails: dict[UUID, str] = {}
    rows = PersonIdentifier.objects.filter(person__among=keys, kind__in=_PAPERS)
    for key, kind, index, tail in rows.values_list("person_id", "kind", "blind_index", "tail3"):
        found[key][kind].add(bytes(index))
        if kind == NumberKind.NATIONAL:
            tails[key] = tail
    return found, tails


def _spans(keys: set[UUID], on: date) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = defaultdict(list)
    rows = Membership.objects.filter(_from(on), person__among=keys).order_by("period")
    given = list(
        rows.values_list("id", "person_id", "household_id", "role", "residence_kind", "period")
    )
    homes = Household.objects.filter(pk__among={each[2] for each in given})
    codes = dict(homes.values_list("pk", "code"))
    for key, person, household, role, kind, period in given:
        code = codes[household]
        found[person].append(Span(key, household, role, kind, period.lower, period.upper, code))
    return found
