"""Who said a value, and the rows that keep it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from xaso.kernel.audit.actors import Actor
from xaso.kernel.sealing import boxes
from xaso.kernel.working_time import clock
from xaso.population.models import FieldEvidence, Source

PERSON, HOUSEHOLD, DWELLING = "person", "household", "dwelling"


@dataclass(frozen=True)
class Said:
    """Where values come from; `verified_at` is the day somebody compared them with a paper."""

    source: str = Source.SELF
    ref: str = ""
    verified_at: date | None = None


@dataclass(frozen=True)
class Subject:
    """What values belong to."""

    kind: str
    id: UUID
    commune: UUID


def keep(subject: Subject, values: Mapping[str, object], said: Said, *, by: Actor) -> None:
    """Keep one row per value; only a digest of it stays."""
    now = clock.now()
    FieldEvidence.objects.bulk_create(
        FieldEvidence(
            commune_id=subject.commune,
            subject_kind=subject.kind,
            subject=subject.id,
            field=name,
            value_digest=digest(name, value),
            source=said.source,
            source_ref=said.ref[:120],
            verified_at=said.verified_at,
            verified_by=by.id[:64] if said.verified_at else "",
            at=now,
        )
        for name, value in values.items()
    )


def digest(field: str, value: object) -> str:
    """Return the keyed digest of a field's value."""
    return boxes.blind(str(value), context=f"population.{field}")
