"""Petitions on regulations as the national indicator set counts them.

Counted are reports of the stream `regulation` (NĐ 20/2008's phản ánh, kiến nghị về quy định hành
chính), received on the days asked. One that is still open counts as on time while its date has not
passed: an unfinished case ends with the period in the set's own reckoning.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery

from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.models import Feedback, Report, Stream


@dataclass(frozen=True, slots=True)
class Petitions:
    """How many came, were on time, were rated, and pleased."""

    received: int
    on_time: int
    rated: int
    satisfied: int


def counted(commune: Commune, first: date, last: date) -> Petitions:
    """Return the counts for the local days `first` to `last`, inclusive."""
    since, until = _starts(first), _starts(last + timedelta(days=1))
    end = min(until, clock.now())
    late = Q(answered_at__isnull=True, due_at__lt=end) | Q(answered_at__gt=F("due_at"))
    rows = Report.objects.filter(
        commune=commune,
        stream=Stream.REGULATION,
        is_drill=False,
        received_at__gte=since,
        received_at__lt=until,
    )
    newest = Feedback.objects.filter(report=OuterRef("pk"), person="sender").order_by("-at", "-id")
    found = rows.annotate(score=Subquery(newest.values("score")[:1])).aggregate(
        received=Count("id"),
        late=Count("id", filter=late),
        rated=Count("id", filter=Q(score__isnull=False)),
        satisfied=Count("id", filter=Q(score=2)),
    )
    on_time = found["received"] - found["late"]
    return Petitions(found["received"], on_time, found["rated"], found["satisfied"])


def _starts(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=dates.ZONE)
