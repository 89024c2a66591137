"""Which records may be one person: few pairs to look at, instead of all against all."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Q

from xaso.population.births import Partial
from xaso.population.models import Membership, NumberKind, Person, PersonIdentifier, Status
from xaso.population.queries import people
from xaso.population.scoring import Facts

# Pairs share a number, or the name without spaces (and years that can be one), or the sound and
# nearly the year, or the household and the sound of the given name.
MOST = 300  # people of one name that are compared when one of them is written
_KINDS = (NumberKind.NATIONAL, NumberKind.BIRTH)
_PAIRS = """
    WITH live AS (
        SELECT p.id, p.fold_tight, p.sound, p.sound_given, p.birth_year, m.household_id
        FROM population_person p
        LEFT JOIN population_membership m ON m.person_id = p.id AND m.commune_id = %(commune)s
            AND m.period @> %(day)s::date AND m.residence_kind <> 'temporary'
        WHERE p.commune_id = %(commune)s AND p.status <> 'duplicate_of'
    )
    SELECT a.person_id, b.person_id FROM population_personidentifier a
        JOIN population_personidentifier b ON b.commune_id = a.commune_id AND b.kind = a.kind
             AND b.blind_index = a.blind_index AND b.person_id <> a.person_id
        WHERE a.commune_id = %(commune)s AND a.kind IN ('national_id', 'birth_cert')
    UNION
    SELECT a.id, b.id FROM live a JOIN live b ON b.fold_tight = a.fold_tight AND b.id <> a.id
        WHERE a.birth_year IS NULL OR b.birth_year IS NULL
           OR abs(a.birth_year - b.birth_year) <= 2 OR a.household_id = b.household_id
    UNION
    SELECT a.id, b.id FROM live a JOIN live b ON b.sound = a.sound AND b.id <> a.id
        WHERE abs(a.birth_year - b.birth_year) <= 1
    UNION
    SELECT a.id, b.id FROM live a JOIN live b ON b.household_id = a.household_id
        AND b.sound_given = a.sound_given AND b.id <> a.id
"""


def pairs(commune: UUID) -> set[tuple[UUID, UUID]]:
    """Return pairs of a commune worth comparing, smaller key first; inside a transaction.

    Tables that were just filled have no statistics yet: believing them empty, the database would
    go through everybody once for each person, for minutes. Hashing is right here at any size.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_PAIRS, {"commune": commune, "day": people.today()})
        found = {(min(a, b), max(a, b)) for a, b in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return found


def pairs_of(person: Person) -> set[tuple[UUID, UUID]]:
    """Return pairs of one person worth comparing, by the same rules; a few index look-ups."""
    rows = Person.objects.filter(commune=person.commune_id).exclude(status=Status.DUPLICATE)
    rows = rows.exclude(pk=person.pk)
    year = person.birth_year
    same = rows.filter(fold_tight=person.fold_tight)
    heard = rows.filter(sound=person.sound)
    if year is not None:
        near = Q(birth_year__isnull=True) | Q(birth_year__range=(year - 2, year + 2))
        same, heard = same.filter(near), heard.filter(birth_year__range=(year - 1, year + 1))
    homes = Membership.objects.filter(person=person, period__contains=people.today())
    mates = Membership.objects.filter(
        household__in=homes.values("household"), period__contains=people.today()
    )
    house = rows.filter(pk__in=mates.values("person"), sound_given=person.sound_given)
    own = PersonIdentifier.objects.filter(person=person, kind__in=_KINDS)
    numbers = PersonIdentifier.objects.filter(
        commune=person.commune_id, kind__in=_KINDS, blind_index__in=own.values("blind_index")
    )
    keys = {*same.values_list("pk", flat=True)[:MOST], *heard.values_list("pk", flat=True)[:MOST]}
    keys |= set(house.values_list("pk", flat=True))
    keys |= set(numbers.exclude(person=person).values_list("person", flat=True))
    return {(min(person.pk, key), max(person.pk, key)) for key in keys}


def facts(keys: Iterable[UUID]) -> dict[UUID, Facts]:
    """Return what is compared of each record; merged ones are left out. Three statements."""
    wanted = list(set(keys))
    rows = Person.objects.filter(pk__in=wanted).exclude(status=Status.DUPLICATE)
    homes, heads = _homes(wanted)
    numbers = _numbers(wanted)
    return {row.pk: _facts(row, homes, heads, numbers[row.pk]) for row in rows}


def _facts(
    row: Person,
    homes: dict[UUID, UUID],
    heads: dict[UUID, UUID],
    numbers: dict[str, set[bytes]],
) -> Facts:
    kin = {row.mother_id, row.father_id, heads.get(row.pk)} - {None}
    return Facts(
        fold=row.fold,
        fold_tight=row.fold_tight,
        sound=row.sound,
        birth=Partial(row.birth_date, row.birth_precision),
        sex=row.sex,
        households=frozenset({homes[row.pk]} if row.pk in homes else ()),
        village=row.village_id,
        kin=frozenset(key for key in kin if key is not None),
        numbers=frozenset(numbers["all"]),
        verified=frozenset(numbers["verified"]),
        certificates=frozenset(numbers["birth"]),
    )


def _homes(keys: list[UUID]) -> tuple[dict[UUID, UUID], dict[UUID, UUID]]:
    """Return the household of each, and the head of whoever is a head's spouse."""
    held = Membership.objects.filter(person__in=keys, period__contains=people.today())
    rows = list(held.exclude(residence_kind="temporary").values_list("person", "household", "role"))
    spouses = {person: household for person, household, role in rows if role == "spouse"}
    chiefs = Membership.objects.filter(
        household__in=set(spouses.values()), role="head", period__contains=people.today()
    )
    head_of = dict(chiefs.values_list("household", "person"))
    heads = {p: head_of[h] for p, h in spouses.items() if h in head_of}
    return {person: household for person, household, _ in rows}, heads


def _numbers(keys: list[UUID]) -> dict[UUID, dict[str, set[bytes]]]:
    found: dict[UUID, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    rows = PersonIdentifier.objects.filter(person__in=keys, kind__in=_KINDS)
    for person, kind, blind, day in rows.values_list(
        "person", "kind", "blind_index", "verified_at"
    ):
        if kind == NumberKind.BIRTH:
            found[person]["birth"].add(bytes(blind))
            continue
        found[person]["all"].add(bytes(blind))
        if day is not None:
            found[person]["verified"].add(bytes(blind))
    return found
