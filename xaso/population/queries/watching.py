"""Odd looks for whoever watches over them: how many, when, what for; no resident is named."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.population import purposes
from xaso.population.models import LookAlert, Person, StaffPerson

MOST = 100


@dataclass(frozen=True)
class Odd:
    """One alert with its words."""

    alert: LookAlert
    who: str
    purposes: str
    said: str  # what a resident asked


def listed(commune: Commune, *, is_open: bool) -> Sequence[Odd]:
    """Return alerts, newest first; open ones, or the last ones decided. Two statements."""
    rows = LookAlert.objects.filter(commune=commune).select_related("request")
    rows = rows.filter(verdict="") if is_open else rows.exclude(verdict="")
    found = list(rows.order_by("-last_at")[:MOST])
    keys = {row.viewer for row in found if row.viewer.isdigit()}
    names = {str(o.pk): str(o) for o in Official.objects.filter(pk__in=keys)}
    return [
        Odd(
            row,
            names.get(row.viewer, row.viewer),
            ", ".join(gettext(purposes.text(code)) for code in row.purposes),
            row.request.text if row.request else "",
        )
        for row in found
    ]


def count_open(commune: Commune) -> int:
    """Return how many alerts nobody has looked at."""
    return LookAlert.objects.filter(commune=commune, verdict="").count()


def official_of(person: Person) -> int | None:
    """Return which official a record is the own one of, if any."""
    rows = StaffPerson.objects.filter(person=person)
    return rows.values_list("official", flat=True).first()
