"""What was compared with other systems, by month."""

from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from xaso.dossiers.models import Reconciliation, System
from xaso.kernel.places.models import Commune


def months(commune: Commune) -> list[tuple[date, str, str, int, bool]]:
    """Return compared months, newest first: day, system, its name, unexplained, closed or not."""
    left = Count("differences", filter=Q(differences__resolved_at__isnull=True))
    rows = (
        Reconciliation.objects.filter(commune=commune)
        .annotate(month=TruncMonth("day"))
        .order_by()
        .values("month", "target")
        .annotate(left=left, open=Count("pk", filter=Q(closed_at__isnull=True), distinct=True))
        .order_by("-month", "target")[:24]
    )
    return [
        (
            row["month"],
            row["target"],
            str(System(row["target"]).label),
            row["left"],
            not row["open"],
        )
        for row in rows
    ]
