"""Tells people whose time runs out: one digest per person and half-day, each warning once.

Half and four fifths of the time go to whoever holds the dossier; when the promise has passed, the
head of the unit and the leaders hear of it too. Nothing here decides what is late: lists and pages
compute that when they are read.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from xaso.dossiers import clocks
from xaso.dossiers.actions import telling
from xaso.dossiers.models import UNDER_WAY, Dossier, DueWarning
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.queries import naive

NOON, MOST = 12, 2_000
HALF, MOSTLY, LATE = "50", "80", "100"


@dataclass(frozen=True)
class Pressed:
    """A running dossier with a share of its time used up, and who is told of it."""

    dossier: Dossier
    level: str
    told: frozenset[int]

    @property
    def code(self) -> str:
        """Return the code people know."""
        return self.dossier.code

    @property
    def due_at(self) -> datetime:
        """Return the promised moment."""
        assert self.dossier.promise_at is not None  # noqa: S101  (running ones have a date)
        return self.dossier.promise_at


def warn_all() -> int:
    """Warn in every commune; return how many digests were written."""
    return sum(_warn_in(commune) for commune in places.communes())


@transaction.atomic
def warn(commune: Commune) -> int:
    """Write a digest to everybody who has something new to hear, in working hours only.

    Whoever had one in this half-day hears the rest in the next; a promise that moved warns again.
    A second run changes nothing.
    """
    now, by = clock.now(), clocks.calendar(commune.id)
    if by.up(naive(now)) != naive(now):
        return 0
    fresh = _fresh(commune.id, list(pressed(commune.id, now)))
    people = Official.objects.filter(pk__in=set(fresh) - _heard(commune.id, now), is_active=True)
    return sum(_digest(commune, person, fresh[person.pk], now) for person in people)


def pressed(commune: UUID, now: datetime) -> Iterator[Pressed]:
    """Return the running dossiers with half of their time used up, the latest first."""
    rows = Dossier.objects.filter(
        Q(warn50_at__lte=now) | Q(promise_at__lte=now),
        commune=commune,
        state__in=UNDER_WAY,
        paused_at__isnull=True,
        is_mirror=False,
    )
    leaders = {p.pk for p in identity.members(commune, permission="dossiers.approve")}
    for each in rows.select_related("unit").order_by("promise_at", "id")[:MOST]:
        level = _level(each, now)
        told = {each.holder_id or (each.unit.head_id if each.unit else None)}
        if level == LATE:
            told |= leaders | {each.unit.head_id if each.unit else None}
        yield Pressed(each, level, frozenset(key for key in told if key is not None))


def _level(dossier: Dossier, now: datetime) -> str:
    if dossier.promise_at is not None and dossier.promise_at <= now:
        return LATE
    return MOSTLY if dossier.warn80_at is not None and dossier.warn80_at <= now else HALF


def _warn_in(commune: Commune) -> int:
    with tenancy.inside(commune.id):
        return warn(commune)


def _fresh(commune: UUID, found: list[Pressed]) -> dict[int, list[Pressed]]:
    """Return what each person was not told yet."""
    keys = [each.dossier.pk for each in found]
    told = set(
        DueWarning.objects.filter(commune=commune, dossier__in=keys).values_list(
            "dossier", "level", "due_at", "told"
        )
    )
    fresh: dict[int, list[Pressed]] = defaultdict(list)
    for each in found:
        for person in each.told:
            if (each.dossier.pk, each.level, each.due_at, str(person)) not in told:
                fresh[person].append(each)
    return fresh


def _heard(commune: UUID, now: datetime) -> set[int]:
    """Return who had a digest in this half-day."""
    here = dates.local(now)
    start = here.replace(hour=NOON if here.hour >= NOON else 0, minute=0, second=0, microsecond=0)
    rows = DueWarning.objects.filter(commune=commune, told_at__gte=start)
    return {int(key) for key in rows.values_list("told", flat=True)}


def _digest(commune: Commune, person: Official, news: list[Pressed], now: datetime) -> int:
    half = "pm" if dates.local(now).hour >= NOON else "am"
    to = telling.official(person)
    notifications.tell(
        "dossiers.deadlines",
        subject=person,
        commune=commune.id,
        recipients=[to] if to else [],
        context={
            "late": [each for each in news if each.level == LATE],
            "soon": [each for each in news if each.level != LATE],
            "commune": commune.full_name,
        },
        key=f"dossiers/{dates.local(now):%Y-%m-%d}-{half}",
    )
    rows = [
        DueWarning(
            commune=commune,
            dossier=each.dossier,
            level=each.level,
            due_at=each.due_at,
            told=str(person.pk),
            told_at=now,
        )
        for each in news
    ]
    DueWarning.objects.bulk_create(rows, ignore_conflicts=True)
    return 1
