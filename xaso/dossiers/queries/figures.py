"""Figures for boards: from counters where something was counted, from an index where it runs.

A share comes as a numerator and a denominator; where the data is not there the input says so
instead of showing a zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xaso.dossiers import catalogue, clocks
from xaso.dossiers.actions import counting
from xaso.dossiers.models import (
    Component,
    Dossier,
    OutMessage,
    Result,
    State,
    Sync,
)
from xaso.dossiers.queries.listing import condition
from xaso.kernel.measures import queries as measures
from xaso.kernel.text import dates

_MOST_NAMED = 200


@dataclass(frozen=True)
class KpiInput:
    """One share: how many of how many, and which dossiers are missing from the upper number.

    `whole` None means that there is nothing to count from: never shown as a zero.
    """

    code: str
    part: int
    whole: int | None
    missing: Sequence[str] = field(default_factory=tuple)  # codes, at most 200


def overdue(commune: UUID, now: datetime) -> int:
    """Return how many dossiers run past their promise, from the index of running ones."""
    rows = Dossier.objects.filter(commune=commune)
    return rows.filter(condition("late", now)).count()


def near_due(commune: UUID, now: datetime) -> int:
    """Return how many running dossiers are due within the working hours the commune set."""
    hours = catalogue.settings_of(commune).near_due_hours
    until = clocks.later(now, hours * 60, clocks.calendar(commune))
    rows = Dossier.objects.filter(commune=commune)
    return rows.filter(condition("running", now), promise_at__gte=now, promise_at__lt=until).count()


def resolved(commune: UUID | None, since: date, until: date) -> dict[str, int]:
    """Return what was received, resolved and on time from `since` up to but without `until`."""
    metrics = {
        "received": counting.RECEIVED,
        "resolved": counting.RESOLVED,
        "returned": counting.RETURNED,
        "refused": counting.REFUSED,
        "stopped": counting.STOPPED,
        "supplements": counting.SUPPLEMENTED,
        "extended": counting.EXTENDED,
    }
    found = {
        name: measures.total(metric, commune, since, until).n for name, metric in metrics.items()
    }
    yes = {"on_time": "yes"}
    for name, metric in (("on_time", counting.RESOLVED), ("on_time_kpi", counting.RESOLVED_KPI)):
        found[name] = measures.total(metric, commune, since, until, yes).n
    return found


def kpi_inputs(commune: UUID, since: date, until: date) -> list[KpiInput]:
    """Return the inputs of the score for what ended from `since` up to but without `until`.

    Mirrors of other systems' dossiers count where that system says that they ended.
    """
    start, end = _midnight(since), _midnight(until)
    rows = Dossier.objects.filter(
        commune=commune, resolved_at__gte=start, resolved_at__lt=end
    ).exclude(state=State.DRAFT)
    has_file = Exists(Component.objects.filter(dossier=OuterRef("pk")).exclude(sha256=""))
    has_reused = Exists(
        Component.objects.filter(dossier=OuterRef("pk")).filter(
            Q(is_reused=True) | Q(is_from_storage=True)
        )
    )
    has_result = Exists(Result.objects.filter(dossier=OuterRef("pk")).exclude(sha256=""))
    has_electronic = Exists(
        Result.objects.filter(dossier=OuterRef("pk"), is_electronic=True).exclude(link="")
    )
    rows = rows.annotate(
        filed=has_file, reused=has_reused, scanned=has_result, electronic=has_electronic
    )
    online = Q(channel=2, electronic=True)
    digitised = Q(filed=True, scanned=True)
    sums = rows.aggregate(
        whole=Count("pk"),
        on_time=Count("pk", filter=Q(on_time_kpi=True)),
        internal=Count("pk", filter=Q(on_time_internal=True)),
        online=Count("pk", filter=online),
        digitised=Count("pk", filter=digitised),
        reused=Count("pk", filter=Q(reused=True)),
    )
    whole = sums["whole"] or None
    tests = {
        "on_time": (~Q(on_time_kpi=True), sums["on_time"]),
        "on_time_internal": (~Q(on_time_internal=True), sums["internal"]),
        "online": (~online, sums["online"]),
        "digitised": (~digitised, sums["digitised"]),
        "reused": (Q(reused=False), sums["reused"]),
    }
    found = [
        KpiInput(code, part, whole, _named(rows.filter(without)) if whole else ())
        for code, (without, part) in tests.items()
    ]
    return [*found, _synced(commune, start, end), _readings_apart(commune, start, end)]


def _synced(commune: UUID, start: datetime, end: datetime) -> KpiInput:
    """Return how many accepted dossiers the national portal confirmed."""
    rows = Dossier.objects.filter(
        commune=commune, accepted_at__gte=start, accepted_at__lt=end, is_mirror=False
    )
    confirmed = Exists(
        OutMessage.objects.filter(
            dossier=OuterRef("pk"), kind=OutMessage.Kind.DOSSIER, state=Sync.CONFIRMED
        )
    )
    rows = rows.annotate(confirmed=confirmed)
    whole = rows.count()
    missing = rows.filter(confirmed=False)
    part = rows.filter(confirmed=True).count()
    return KpiInput("sync", part, whole or None, _named(missing) if whole else ())


def _readings_apart(commune: UUID, start: datetime, end: datetime) -> KpiInput:
    """Return where our reading of "on time" and the national one differ."""
    rows = Dossier.objects.filter(
        commune=commune, resolved_at__gte=start, resolved_at__lt=end, on_time_kpi__isnull=False
    )
    apart = rows.filter(
        Q(on_time_kpi=True, on_time_internal=False) | Q(on_time_kpi=False, on_time_internal=True)
    )
    whole = rows.count()
    return KpiInput("readings_apart", apart.count(), whole or None, _named(apart))


def _named(rows: QuerySet[Dossier]) -> tuple[str, ...]:
    return tuple(rows.order_by("resolved_at", "id").values_list("code", flat=True)[:_MOST_NAMED])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.ZONE)
