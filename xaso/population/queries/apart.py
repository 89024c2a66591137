"""Records that are set apart: kept, and not used."""

from collections.abc import Sequence
from uuid import UUID

from xaso.kernel.places.models import Commune
from xaso.population.models import Person, Restriction


def keys(commune: Commune | UUID) -> set[UUID]:
    """Return whose records are set apart now: few, so that lists take them out by key."""
    rows = Restriction.objects.filter(commune=commune, ended_at__isnull=True)
    return set(rows.values_list("person_id", flat=True))


def of(person: Person) -> Restriction | None:
    """Return what sets a record apart now, if anything does."""
    return Restriction.objects.filter(person=person, ended_at__isnull=True).first()


def listed(commune: Commune | UUID) -> Sequence[Restriction]:
    """Return what is set apart now, the newest first."""
    rows = Restriction.objects.filter(commune=commune, ended_at__isnull=True)
    return list(rows.select_related("person", "person__village").order_by("-began_at"))
