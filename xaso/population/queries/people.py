"""A person: by key, through merges, with what is known and where from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population import residence
from xaso.population.models import (
    FieldEvidence,
    Household,
    Membership,
    Person,
    PersonAlias,
    ResidenceEvent,
)

MOST_HOPS = 8


class AliasesInACircle(Refusal):
    """Merged records lead in a circle: somebody edited the table by hand."""

    status = 500


def resolve_person(key: UUID) -> Person:
    """Return the person a key stands for, through merges: rows of other rooms keep the old key.

    At most eight hops. Refuses with NotFound, or AliasesInACircle.
    """
    seen = {key}
    while (alias := _alias(key)) is not None:
        key = alias
        if key in seen or len(seen) > MOST_HOPS:
            raise AliasesInACircle
        seen.add(key)
    person = Person.objects.select_related("village").filter(pk=key).first()
    if person is None:
        raise NotFound
    return person


def survivors(keys: Iterable[UUID]) -> list[UUID]:
    """Return whom keys stand for, through merges, each once; one statement and one per merge.

    At most eight hops. Refuses with AliasesInACircle.
    """
    found = list(dict.fromkeys(keys))
    for _hop in range(MOST_HOPS + 1):
        rows = PersonAlias.objects.filter(old__in=found, period__upper_inf=True)
        led = dict(rows.values_list("old_id", "survivor_id")) if found else {}
        if not led:
            return found
        found = list(dict.fromkeys(led.get(key, key) for key in found))
    raise AliasesInACircle


def former_ids(person: Person) -> list[UUID]:
    """Return the keys of records that were merged into this one, directly or not."""
    found: list[UUID] = []
    level = [person.pk]
    for _hop in range(MOST_HOPS):
        rows = PersonAlias.objects.filter(survivor__in=level, period__upper_inf=True)
        level = list(rows.values_list("old_id", flat=True))
        if not level:
            break
        found += level
    return found


def person(commune: Commune | UUID, key: UUID) -> Person:
    """Return a person's own row, merged or not. Refuses with NotFound."""
    rows = Person.objects.select_related("village", "mother", "father")
    found = rows.filter(commune=commune, pk=key).first()
    if found is None:
        raise NotFound
    return found


def household_of(person: Person, day: date | None = None) -> Household | None:
    """Return where somebody belongs on a day (default today): the permanent place first."""
    rows = memberships(person, day).order_by("residence_kind")
    ranked = sorted(rows, key=lambda row: _FOOTING.index(row.residence_kind))
    return ranked[0].household if ranked else None


def memberships(person: Person, day: date | None = None) -> QuerySet[Membership]:
    """Return the memberships somebody has on a day, with their households."""
    on = day or today()
    return Membership.objects.filter(person=person, period__contains=on).select_related(
        "household", "household__village", "household__dwelling"
    )


def residence_on(person: Person, day: date | None = None) -> str:
    """Return somebody's residence on a day, derived from what happened."""
    on = day or today()
    spans = Membership.objects.filter(person=person).values_list("residence_kind", "period")
    return residence.state(
        on,
        [residence.Span(kind, period.lower, period.upper) for kind, period in spans],
        happened(ResidenceEvent.objects.filter(person__in=[person.pk, *former_ids(person)])),
        person.death_date,
    )


def happened(events: QuerySet[ResidenceEvent]) -> list[residence.Happened]:
    """Return the events that stand: neither reversed nor a reversal."""
    rows = events.filter(reverses__isnull=True, reversed_by__isnull=True)
    return [residence.Happened(*row) for row in rows.values_list("kind", "on", "until")]


@dataclass(frozen=True)
class Known:
    """What backs a field: the source of its newest value, and the day it was compared, if any."""

    source: str
    verified_at: date | None
    ref: str
    at: date


def evidence(subject: UUID, commune: UUID) -> dict[str, Known]:
    """Return the newest evidence of each field of a person, household or dwelling."""
    rows = FieldEvidence.objects.filter(commune=commune, subject=subject)
    newest = rows.order_by("field", "-id").distinct("field")
    return {
        row.field: Known(
            row.get_source_display(), row.verified_at, row.source_ref, dates.local(row.at).date()
        )
        for row in newest
    }


def members(household: Household, day: date | None = None) -> Sequence[Membership]:
    """Return who belongs to a household on a day, the head first, then by age."""
    rows = Membership.objects.filter(household=household, period__contains=day or today())
    found = rows.select_related("person").order_by("person__birth_date", "person__sort_key")
    return sorted(found, key=lambda row: row.role != "head")


def named(persons: Iterable[UUID], commune: UUID) -> dict[UUID, str]:
    """Return names by key, for lists that hold keys."""
    rows = Person.objects.filter(commune=commune, pk__in=list(persons))
    return dict(rows.values_list("pk", "display_name"))


def today() -> date:
    """Return today in Vietnam."""
    return dates.local(clock.now()).date()


def _alias(key: UUID) -> UUID | None:
    rows = PersonAlias.objects.filter(old=key, period__upper_inf=True)
    return rows.values_list("survivor_id", flat=True).first()


_FOOTING = ("permanent", "temporary", "living_only")
