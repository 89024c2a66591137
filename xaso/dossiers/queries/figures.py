"""Figures for boards: from counters where something was counted, from an index where it runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from xaso.dossiers.actions import counting
from xaso.dossiers.models import (
    Dossier,
)
from xaso.dossiers.queries.listing import condition, near_due
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
    counted = {
        "running": Count("pk"),
        "near_due": Count("pk", filter=near_due(commune, now)),
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
