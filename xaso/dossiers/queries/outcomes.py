"""What the mission is measured by: working hours per dossier, paper, work done per officer and day.

Hours are working hours from acceptance to result by the commune's calendar, time waiting for the
resident taken out. Mirrors of other systems are left out: their clocks are not ours.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Exists, OuterRef, QuerySet

from xaso.dossiers import clocks
from xaso.dossiers.models import ClockLine, Component, Dossier, DossierEvent, Result
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import engine
from xaso.kernel.working_time.calendar import OutsideCalendar
from xaso.kernel.working_time.queries import naive


@dataclass(frozen=True)
class Hours:
    """How long dossiers of one procedure took: how many, and the median in working hours."""

    n: int
    median: float


@dataclass(frozen=True)
class Output:
    """Dossiers finished, by how many officials, on how many working days."""

    finished: int
    officers: int
    days: int

    @property
    def per_officer_and_day(self) -> float | None:
        """Return how many each finished a working day; None where nobody or no day is counted."""
        base = self.officers * self.days
        return self.finished / base if base else None


@dataclass(frozen=True)
class Paper:
    """Finished dossiers, and how many of them still took paper from the resident or gave it."""

    on_paper: int
    finished: int


def hours(commune: Commune, first: date, last: date) -> Mapping[str, Hours]:
    """Return by procedure code how long the dossiers resolved on these days took."""
    rows = list(
        _finished(commune, first, last).values_list(
            "pk", "procedure__code", "accepted_at", "resolved_at"
        )
    )
    waited = _waited([row[0] for row in rows])
    calendar = clocks.calendar(commune.id)
    found: dict[str, list[float]] = defaultdict(list)
    for key, code, start, end in rows:
        if start is None or end is None:
            continue
        try:
            minutes = engine.between(calendar, naive(start), naive(end)) - waited.get(key, 0)
        except OutsideCalendar:
            continue
        found[code].append(max(0, minutes) / 60)
    return {code: Hours(len(each), median(each)) for code, each in found.items()}


def output(commune: Commune, first: date, last: date) -> Output:
    """Return how much was finished by how many officials who moved a dossier on these days."""
    calendar = clocks.calendar(commune.id)
    span = (last - first).days + 1
    days = sum(calendar.is_working(first + timedelta(days=n)) for n in range(span))
    officers = (
        DossierEvent.objects.filter(
            commune=commune,
            actor_kind="official",
            server_time__gte=_midnight(first),
            server_time__lt=_midnight(last + timedelta(days=1)),
        )
        .values("actor_id")
        .distinct()
        .count()
    )
    return Output(_finished(commune, first, last).count(), officers, days)


def paper(commune: Commune, first: date, last: date) -> Paper:
    """Return how many finished dossiers took paper: originals handed in, or a result on paper."""
    rows = _finished(commune, first, last)
    digital = rows.filter(
        Exists(Result.objects.filter(dossier=OuterRef("pk"), is_electronic=True)),
        ~Exists(Component.objects.filter(dossier=OuterRef("pk"), originals__gt=0)),
    )
    whole = rows.count()
    return Paper(whole - digital.count(), whole)


def _finished(commune: Commune, first: date, last: date) -> QuerySet[Dossier]:
    return Dossier.objects.filter(
        commune=commune,
        is_mirror=False,
        accepted_at__isnull=False,
        resolved_at__gte=_midnight(first),
        resolved_at__lt=_midnight(last + timedelta(days=1)),
    )


def _waited(keys: Sequence[int]) -> dict[int, int]:
    """Return the working minutes each dossier's clock stood still."""
    found: dict[int, int] = defaultdict(int)
    rows = ClockLine.objects.filter(dossier__in=keys, effect=ClockLine.Effect.PAUSE)
    for key, minutes in rows.values_list("dossier_id", "minutes"):
        found[key] += minutes or 0
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.ZONE)
