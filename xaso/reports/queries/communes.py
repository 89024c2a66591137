"""Headline figures of several communes beside each other, for a reader of the province."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from xaso.kernel.measures import queries as measures
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.actions import counting
from xaso.reports.models import OPEN, Report, State
from xaso.reports.queries.figures import Share, last_days


@dataclass(frozen=True)
class Headline:
    """A commune in three figures; the share is of the answers of the last thirty days."""

    open: int
    overdue: int
    on_time: Share


def headlines(communes: Sequence[UUID]) -> dict[UUID, Headline]:
    """Return the figures of each commune: three statements, however many communes.

    Reads what the transaction may read: of several communes at once only inside
    `tenancy.province`, else of the commune one is in; the others then show nothing.
    """
    now = clock.now()
    today = dates.local(now).date()
    since, until = last_days(today)
    late = Q(due_at__lt=now) & ~Q(state=State.WAITING_INFO)
    rows = Report.objects.filter(commune__in=communes, state__in=OPEN, is_drill=False).order_by()
    rows = rows.exclude(visibility="sealed")
    waiting = {
        row["commune"]: row
        for row in rows.values("commune").annotate(open=Count("id"), late=Count("id", filter=late))
    }
    answered = measures.by_commune(counting.ANSWERED, since, until)
    first = measures.by_commune(counting.ANSWERED, since, until, {"on_time": "first"})
    return {
        key: Headline(
            open=waiting[key]["open"] if key in waiting else 0,
            overdue=waiting[key]["late"] if key in waiting else 0,
            on_time=Share(_n(first, key), _n(answered, key), now),
        )
        for key in communes
    }


def _n(sums: dict[UUID, measures.Sums], key: UUID) -> int:
    return sums[key].n if key in sums else 0
