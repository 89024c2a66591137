"""Who follows a report, found by their own code."""

from uuid import UUID

from django.db.models import Q

from xaso.kernel.places.models import Commune
from xaso.reports.models import Follower
from xaso.reports.queries.finding import by_code as report_by_code


def by_code(commune: Commune | UUID, code: str) -> Follower | None:
    """Return who follows under a code, with the report they follow as `by_code` reads it.

    A merged report's code names its sender among the followers; one separated again does not.
    """
    rows = Follower.objects.filter(commune=commune).filter(
        Q(code=code) | Q(from_code=code, ended_at__isnull=True)
    )
    found = rows.select_related("report", "reporter").first()
    if found is not None:
        found.report = report_by_code(commune, found.report.code)
    return found


def person(follower: Follower) -> str:
    """Return the key under which a follower's opinion of an answer is kept."""
    return f"follower:{follower.pk}"
