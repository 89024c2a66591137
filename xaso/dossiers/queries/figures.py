"""Figures for boards: from counters where something was counted, from an index where it runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from xaso.dossiers import catalogue, clocks
from xaso.dossiers.actions import counting
from xaso.dossiers.models import (
    Dossier,
)
from xaso.dossiers.queries.listing import condition
from xaso.kernel.measures import queries as measures
from xaso.kernel.text import dates


@dataclass(frozen=True)
class Board:
    """What a board shows of the counter: dossiers under way now, and those of some days."""

    running: int
    near_due: int
    overdue: int
    received: int  # today
    resolved: int  # of the days
    on_time: int  # of these


def board(commune: UUID, now: datetime, days: int) -> Board:
    """Return the board's figures in one statement over running dossiers and three over counters."""
    hours = catalogue.settings_of(commune).near_due_hours
    until = clocks.later(now, hours * 60, clocks.calendar(commune))
    counted = {
        "running": Count("pk"),
        "near_due": Count("pk", filter=Q(promise_at__gte=now, promise_at__lt=until)),
        "overdue": Count("pk", filter=Q(promise_at__lt=now)),
    }
    rows = Dossier.objects.filter(condition("running", now), commune=commune).order_by()
    found = rows.aggregate(**counted)
    today = dates.local(now).date()
    tomorrow = today + timedelta(days=1)
    span = (commune, tomorrow - timedelta(days=days), tomorrow)
    return Board(
        **found,
        received=measures.total(counting.RECEIVED, commune, today, tomorrow).n,
        resolved=measures.total(counting.RESOLVED, *span).n,
        on_time=measures.total(counting.RESOLVED, *span, {"on_time": "yes"}).n,
    )


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
