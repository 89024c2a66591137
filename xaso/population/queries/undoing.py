"""What taking a list back will do, said beforehand by the same rule that does it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from xaso.population.models import (
    ConsentRecord,
    ImportBatch,
    ImportRow,
    Merge,
    Outcome,
    Person,
    PersonAlias,
    PersonFlag,
    ResidenceEvent,
    ResidentKey,
    Restriction,
    StaffPerson,
    SubjectRequest,
    ViewLog,
    VillageTask,
)

CHANGED, USED = "changed_after", "used_after"
NUMBERS = 40  # rows named one by one; of more only the count is said
_USES: tuple[tuple[Any, str], ...] = (  # what may hold on to a person that the list made
    (ViewLog, "person_id"),
    (ResidenceEvent, "person_id"),
    (PersonFlag, "person_id"),
    (ConsentRecord, "person_id"),
    (ResidentKey, "person_id"),
    (Restriction, "person_id"),
    (StaffPerson, "person_id"),
    (SubjectRequest, "person_id"),
    (VillageTask, "person_id"),
    (Merge, "survivor_id"),
    (Merge, "absorbed_id"),
    (PersonAlias, "survivor_id"),
    (Person, "mother_id"),
    (Person, "father_id"),
)


@dataclass(frozen=True)
class Staying:
    """Rows that will stay for one reason; `numbers` as in the sheet, the first forty."""

    reason: str
    count: int
    numbers: list[int]


@dataclass(frozen=True)
class Forecast:
    """How many rows were written, how many of them go back at most, and what stays why."""

    written: int
    back: int
    staying: list[Staying]


def used(people: Collection[UUID] | QuerySet[Any]) -> set[UUID]:
    """Return which of these people something besides the list holds on to, in one statement."""
    first, *others = (
        model.objects.filter(**{f"{column}__in": people}).order_by().values_list(column)
        for model, column in _USES
    )
    return {key for (key,) in first.union(*others)}


def forecast(batch: ImportBatch) -> Forecast:
    """Return what taking a list back now would do, in four statements.

    Rows that another room's record holds on to show only when the database is asked to let go, so
    `back` is what goes at most.
    """
    written = ImportRow.objects.filter(batch=batch, outcome=Outcome.WRITTEN)
    moved = Q(person__isnull=True) | ~Q(person__version=F("person_version"))
    changed = sorted(written.filter(moved).values_list("number", flat=True))
    held = used(written.values("person_id"))
    rows = written.exclude(moved).filter(person__in=held).only("number", "before")
    kept = sorted(row.number for row in rows.iterator() if json.loads(row.before)["made"])
    staying = [
        Staying(reason, len(numbers), numbers[:NUMBERS])
        for reason, numbers in ((CHANGED, changed), (USED, kept))
        if numbers
    ]
    count = written.count()
    return Forecast(count, count - len(changed) - len(kept), staying)
