"""Tables that were published: the newest month of each."""

from collections.abc import Sequence
from uuid import UUID

from xaso.kernel.places.models import Commune
from xaso.population.models import FigureSnapshot


def newest(commune: Commune | UUID) -> Sequence[FigureSnapshot]:
    """Return the tables of the newest month; nothing before the first was made."""
    rows = FigureSnapshot.objects.filter(commune=commune).order_by("-month")
    month = rows.values_list("month", flat=True).first()
    return list(rows.filter(month=month).order_by("table")) if month else []
