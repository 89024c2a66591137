"""What is to be mended: households without a head, numbers to ask about, unknown residence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.kernel.places.models import Commune
from xaso.population.models import (
    CaseState,
    DuplicateCase,
    EventKind,
    Household,
    HouseholdState,
    NumberKind,
    PersonIdentifier,
    ResidenceEvent,
    Status,
    TaskKind,
    VillageTask,
)
from xaso.population.queries import people

MOST = 100  # of a list on the screen
Villages = Collection[int] | None


@dataclass(frozen=True)
class Waiting:
    """How much of each kind waits."""

    headless: int
    cases: int
    numbers: int
    unknown: int

    @property
    def all(self) -> int:
        """Return how much waits altogether."""
        return self.headless + self.cases + self.numbers + self.unknown


@dataclass(frozen=True)
class Ending:
    """A temporary residence that ends soon or has ended."""

    event: ResidenceEvent
    days: int


def waiting(commune: Commune, villages: Villages = None) -> Waiting:
    """Return how much waits; cases and numbers are the whole commune's matter only."""
    whole = villages is None
    return Waiting(
        headless(commune, villages).count(),
        open_cases(commune).count() if whole else 0,
        odd_numbers(commune).count() if whole else 0,
        unknown(commune, villages).count(),
    )


def headless(commune: Commune | UUID, villages: Villages = None) -> QuerySet[Household]:
    """Return households without a head on some day of their life, the longest first."""
    rows = Household.objects.filter(commune=commune, state=HouseholdState.WITHOUT_HEAD)
    if villages is not None:
        rows = rows.filter(village__in=villages)
    living = Count("memberships", filter=Q(memberships__period__contains=people.today()))
    return rows.select_related("village").annotate(living=living).order_by("headless_since", "code")


def odd_numbers(commune: Commune | UUID) -> QuerySet[PersonIdentifier]:
    """Return numbers that do not fit what was declared, not answered yet, oldest first."""
    rows = PersonIdentifier.objects.filter(
        commune=commune, kind=NumberKind.NATIONAL, answer="", warnings__len__gt=0
    ).exclude(person__status=Status.DUPLICATE)
    return rows.select_related("person", "person__village").order_by("created_at")


def unknown(commune: Commune | UUID, villages: Villages = None) -> QuerySet[VillageTask]:
    """Return tasks to find out where somebody lives, the first due first."""
    rows = VillageTask.objects.filter(commune=commune, kind=TaskKind.UNKNOWN, done_at__isnull=True)
    if villages is not None:
        rows = rows.filter(village__in=villages)
    return rows.select_related("person", "village").order_by("due_on")


def open_cases(commune: Commune | UUID, least: int = 0) -> QuerySet[DuplicateCase]:
    """Return pairs that may be one person, the most alike first."""
    rows = DuplicateCase.objects.filter(commune=commune, state=CaseState.OPEN, score__gte=least)
    return rows.select_related("first", "second").order_by("-score", "found_at")


def ending(commune: Commune | UUID, within: int, day: date | None = None) -> Sequence[Ending]:
    """Return temporary residences whose end is near or passed and that were not renewed."""
    on = day or people.today()
    kinds = (EventKind.TEMPORARY_IN, EventKind.TEMPORARY_RENEW, EventKind.TEMPORARY_OUT)
    newest = (
        ResidenceEvent.objects.filter(
            commune=commune, kind__in=kinds, reverses__isnull=True, reversed_by__isnull=True
        )
        .order_by("person", "-on", "-recorded_at")
        .distinct("person")
        .select_related("person", "person__village")
    )
    found = [
        Ending(event, (event.until - on).days)
        for event in newest
        if event.until and event.kind != EventKind.TEMPORARY_OUT
    ]
    return sorted((e for e in found if e.days <= within), key=lambda e: e.days)[:MOST]
