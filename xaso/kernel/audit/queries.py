"""What the log book can be asked: a record's history, and whether anyone tampered."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from xaso.kernel.audit import proof
from xaso.kernel.audit.actors import NO_COMMUNE
from xaso.kernel.audit.models import DailySeal, Entry, Seal
from xaso.kernel.audit.proof import Fault
from xaso.kernel.tenancy import actions as tenancy

_NEWEST = 200


@dataclass(frozen=True)
class Line:
    """One line of a record's history, as plain values."""

    at: datetime
    actor_kind: str
    actor_id: str
    roles: tuple[str, ...]
    channel: str
    on_behalf_of: str
    action: str
    changes: dict[str, Any]
    sealed: bool
    purpose: str = ""
    unit_id: int | None = None


def history(subject: models.Model, *, commune: UUID, limit: int = _NEWEST) -> list[Line]:
    """Return what was done to a record, newest first; reading it is not part of it."""
    return [*_lines(subject, commune, Entry.Kind.CHANGE, limit)]


def viewers(subject: models.Model, *, commune: UUID, limit: int = _NEWEST) -> list[Line]:
    """Return who looked at a record's personal data, newest first."""
    return [*_lines(subject, commune, Entry.Kind.VIEW, limit)]


def viewers_of(
    subjects: Iterable[tuple[type[models.Model], Iterable[object]]],
    *,
    commune: UUID,
    limit: int = _NEWEST,
) -> list[Line]:
    """Return who looked at any of several records (model, keys), newest first; one statement."""
    wanted = models.Q(pk__in=[])
    for model, keys in subjects:
        found = [str(key) for key in keys]
        if found:
            wanted |= models.Q(subject_type=model._meta.label, subject_id__in=found)
    rows = Entry.objects.filter(wanted, commune_id=commune, kind=Entry.Kind.VIEW)
    return [_as_line(each, is_sealed=False) for each in rows.order_by("-id")[:limit]]


def daily_seals(since: date | None = None, limit: int = 400) -> list[DailySeal]:
    """Return the published roots, newest first."""
    found = DailySeal.objects.order_by("-day")
    return list((found.filter(day__gte=since) if since else found)[:limit])


def waiting() -> int:
    """Return how many committed lines have no seal yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_pending")
        return int(cursor.fetchone()[0])


def verify(commune: UUID | None = None) -> list[Fault]:
    """Check one commune's chain, or every chain and the daily roots; return what is wrong.

    Finds every changed, removed, added or moved line or seal, a false head, a false root, and
    newest lines that were cut off after a day was closed. Cutting off the newest lines of today
    *and* forging the head is found with the next published root at the latest.
    """
    days = list(DailySeal.objects.order_by("day"))
    faults = [] if commune else proof.faults_of_days(days)
    for each in [commune] if commune else communes():
        with tenancy.inside(each):
            faults += proof.faults_of_chain(each, days)
            if each == NO_COMMUNE:
                faults += proof.faults_of_closed_days(days)
    return faults


def communes() -> list[UUID]:
    """Return every commune the log book knows, the installation itself (all zeros) included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_communes()")
        return [row[0] for row in cursor.fetchall()]


def _lines(subject: models.Model, commune: UUID, kind: str, limit: int) -> Iterator[Line]:
    sealed = models.Exists(Seal.objects.filter(entry_id=models.OuterRef("pk")))
    found = Entry.objects.filter(
        commune_id=commune,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        kind=kind,
    ).annotate(sealed=sealed)
    for each in found.order_by("-id")[:limit]:
        yield _as_line(each, is_sealed=each.sealed)


def _as_line(each: Entry, *, is_sealed: bool) -> Line:
    return Line(
        each.at,
        each.actor_kind,
        each.actor_id,
        tuple(filter(None, each.roles.split(","))),
        each.channel,
        each.on_behalf_of,
        each.action,
        json.loads(each.payload),
        is_sealed,
        each.purpose,
        each.unit_id,
    )
