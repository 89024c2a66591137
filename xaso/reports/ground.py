"""What a report is received on, in one statement: categories, calendar, who is there today."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Subquery

from xaso.kernel.working_time import clock
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import Calendar
from xaso.reports import catalogue, deadlines
from xaso.reports.models import Catalogue, Report, Tombstone
from xaso.reports.routing import reading
from xaso.reports.routing.rules import Around


@dataclass(frozen=True)
class Ground:
    """A commune as it stands at this moment; `is_known` when it holds the sender's key already.

    `is_erased` when the report of that key was erased since.
    """

    kinds: catalogue.Categories
    calendar: Calendar
    there: Around
    is_known: bool = False
    is_erased: bool = False


def of(commune: UUID, uuid: UUID | None = None) -> Ground:
    """Return what a report of a commune is received on; with a key, whether it came before."""
    rows = Catalogue.objects.filter(commune=commune).annotate(
        calendar=working_time.newest(commune), there=reading.around_of(commune, clock.now())
    )
    if uuid is not None:
        earlier = Report.objects.filter(commune=commune, uuid=uuid).values("pk")[:1]
        stone = Tombstone.objects.filter(commune=commune, uuid=uuid).values("pk")[:1]
        rows = rows.annotate(seen=Subquery(earlier), gone=Subquery(stone))
    row = rows.first()
    return Ground(
        kinds=catalogue.under(commune, row),
        calendar=deadlines.kept(getattr(row, "calendar", None)),
        there=reading.seen(getattr(row, "there", None)),
        is_known=bool(getattr(row, "seen", None)),
        is_erased=bool(getattr(row, "gone", None)),
    )
