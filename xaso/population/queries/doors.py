"""What other rooms ask: who reaches an age, which births wait for papers, how many live here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from xaso.kernel.places.models import Commune
from xaso.population import births
from xaso.population.models import (
    EventKind,
    Household,
    HouseholdState,
    NumberKind,
    Person,
    PersonAlias,
    PersonFlag,
    PersonIdentifier,
    Precision,
    ResidenceEvent,
    Status,
)
from xaso.population.queries import apart, people
from xaso.population.queries.counting import Heads, heads


@dataclass(frozen=True)
class Turning:
    """Somebody who reaches an age: on a day, or at some time of a range when it is not known."""

    person: Person
    first: date
    last: date

    @property
    def is_exact(self) -> bool:
        """Return whether the day itself is known."""
        return self.first == self.last


@dataclass(frozen=True)
class Counts:
    """How many: the four numbers beside their sum, households, and what waits for repair."""

    heads: Heads
    households: int
    without_head: int


def turning_age(
    commune: Commune | UUID, age: int, within_days: int, day: date | None = None
) -> Sequence[Turning]:
    """Return who reaches an age from a day on within so many days, earliest first.

    Somebody of whom only the year is known is listed when they *may* reach it then: a check list,
    never a decision. Who has died, left, was merged or is set
    apart is not.
    """
    on = day or people.today()
    end = on + timedelta(days=within_days)
    rows = (
        Person.objects.filter(
            commune=commune,
            status=Status.ACTIVE,
            birth_year__range=(on.year - age - 1, end.year - age),
        )
        .exclude(pk__in=apart.keys(commune))
        .select_related("village")
    )
    found = [_turning(person, age) for person in rows.iterator(chunk_size=2_000)]
    due = [each for each in found if each.first <= end and each.last >= on]
    return sorted(due, key=lambda each: (each.first, each.person.sort_key))


def births_without_registration(
    commune: Commune | UUID, since: date | None = None
) -> Sequence[Person]:
    """Return children whose birth was recorded but no certificate, oldest first."""
    first = since or people.today() - timedelta(days=365)
    told = ResidenceEvent.objects.filter(
        commune=commune, kind=EventKind.BIRTH, on__gte=first, reversed_by__isnull=True,
        reverses__isnull=True,
    )  # fmt: skip
    papers = PersonIdentifier.objects.filter(
        person=OuterRef("pk"), kind__in=[NumberKind.BIRTH, NumberKind.NATIONAL]
    )
    rows = Person.objects.filter(
        Q(pk__in=told.values("person")), ~Exists(papers), commune=commune, status=Status.ACTIVE
    ).exclude(pk__in=apart.keys(commune))
    return list(
        rows.select_related("mother", "village").order_by(F("birth_date").asc(nulls_last=True))
    )


def flags_ending(
    commune: Commune | UUID, kind: str, first: date, last: date
) -> Sequence[tuple[Person, date]]:
    """Return whose sensitive fact of a kind ends between two days, with its last day.

    Who holds a later one of the same kind is not listed. Callers show it to those alone who may
    see that kind, and write the look down.
    """
    later = PersonFlag.objects.filter(
        Q(period__endswith__gt=OuterRef("period__endswith")) | Q(period__upper_inf=True),
        person=OuterRef("person"), kind=kind,
    )  # fmt: skip
    rows = PersonFlag.objects.filter(
        ~Exists(later), commune=commune, kind=kind, person__status=Status.ACTIVE,
        period__endswith__gt=first, period__endswith__lte=last + timedelta(days=1),
    )  # fmt: skip
    rows = rows.exclude(person__in=apart.keys(commune))
    found = rows.select_related("person__village").order_by("period__endswith", "person__sort_key")
    return [(row.person, row.period.upper - timedelta(days=1)) for row in found]


def former_ids_of(persons: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return the keys of records merged into each of several people, in one statement a hop."""
    owner = {key: key for key in persons}
    found: dict[UUID, list[UUID]] = {key: [] for key in persons}
    level = list(persons)
    for _hop in range(people.MOST_HOPS):
        rows = PersonAlias.objects.filter(survivor__in=level, period__upper_inf=True)
        level = []
        for old, survivor in rows.values_list("old_id", "survivor_id"):
            if old not in owner:
                owner[old] = owner[survivor]
                found[owner[old]].append(old)
                level.append(old)
        if not level:
            break
    return found


def counts(commune: Commune | UUID, day: date | None = None) -> Counts:
    """Return how many people and households there are, for boards: no person is named."""
    rows = Household.objects.filter(commune=commune).exclude(
        state__in=[HouseholdState.CLOSED, HouseholdState.VACATED]
    )
    states = list(rows.values_list("state", flat=True))
    return Counts(
        heads(commune, day or people.today()),
        len(states),
        states.count(HouseholdState.WITHOUT_HEAD),
    )


def _turning(person: Person, age: int) -> Turning:
    born = person.birth_date or date.max
    year = born.year + age
    if person.birth_precision == Precision.YEAR:
        return Turning(person, date(year, 1, 1), date(year, 12, 31))
    if person.birth_precision == Precision.MONTH:
        after = date(year + born.month // 12, born.month % 12 + 1, 1)
        return Turning(person, date(year, born.month, 1), after - timedelta(days=1))
    return Turning(person, *([births.birthday(born, year)] * 2))
