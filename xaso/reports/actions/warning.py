"""Tells people that time runs out: one digest per person and half-day, each warning once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.queries import naive
from xaso.reports import deadlines, lateness, rulebook
from xaso.reports.actions import telling
from xaso.reports.actions.rights import PERMISSION
from xaso.reports.lateness import Pressed
from xaso.reports.models import DataRequest, DeadlineWarning

NOON = 12
_MOST = 200  # requests in one run; the next one follows in ten minutes


def warn_of_requests_all() -> int:
    """Warn of requests about data in every commune; return of how many."""
    return sum(_warn_of_requests_in(commune) for commune in places.communes())


@transaction.atomic
def warn_of_requests(commune: Commune) -> int:
    """Tell those who decide of each open request that is nearly late; return of how many.

    Nearly: at most the working days of the rule `privacy.warn` are left. Once per request; in
    working hours only, like every warning of time.
    """
    now = clock.now()
    by = deadlines.calendar(commune.id)
    if by.up(naive(now)) != naive(now):
        return 0
    days = rulebook.of(commune.id).amount("privacy.warn")
    rows = DataRequest.objects.filter(
        commune=commune, state=DataRequest.State.OPEN, warned_at__isnull=True
    )
    near = rows.filter(due_at__lte=deadlines.working_days(now, days, by).due)
    found = list(near.select_related("report").select_for_update(of=("self",))[:_MOST])
    leaders = identity.members(commune.id, permission=PERMISSION) if found else []
    for row in found:
        telling.tell_people(row.report, "right_near", leaders, again=f"/{row.pk}/near")
        row.warned_at = now
        row.save(update_fields=["warned_at"])
    return len(found)


def _warn_of_requests_in(commune: Commune) -> int:
    with tenancy.inside(commune.id):
        return warn_of_requests(commune)


def warn_all() -> int:
    """Warn in every commune; return how many digests were written."""
    return sum(_warn_in(commune) for commune in places.communes())


@transaction.atomic
def warn(commune: Commune) -> int:
    """Write a digest to everybody who has something new to hear; return how many.

    In working hours only. Whoever had a digest in this half-day hears the rest in the next one; a
    promise that moved warns again. A second run changes nothing.
    """
    now = clock.now()
    by = deadlines.calendar(commune.id)
    if by.up(naive(now)) != naive(now):
        return 0
    found = lateness.pressed(commune.id, now)
    fresh = _fresh(commune.id, found)
    heard = _heard(commune.id, now)
    people = Official.objects.filter(pk__in=set(fresh) - heard, is_active=True)
    return sum(_digest(commune, person, fresh[person.pk], now) for person in people)


def _warn_in(commune: Commune) -> int:
    with tenancy.inside(commune.id):
        return warn(commune)


def _fresh(commune: UUID, found: Sequence[Pressed]) -> dict[int, list[Pressed]]:
    """Return what each person was not told yet."""
    told = set(
        DeadlineWarning.objects.filter(
            commune=commune, report__in=[each.id for each in found]
        ).values_list("report", "official", "level", "due_at")
    )
    fresh: dict[int, list[Pressed]] = defaultdict(list)
    for each in found:
        for person in each.told:
            if (each.id, person, each.level, each.due_at) not in told:
                fresh[person].append(each)
    return fresh


def _heard(commune: UUID, now: datetime) -> set[int]:
    """Return who had a digest in this half-day."""
    here = dates.local(now)
    start = here.replace(hour=NOON if here.hour >= NOON else 0, minute=0, second=0, microsecond=0)
    rows = DeadlineWarning.objects.filter(commune=commune, told_at__gte=start)
    return set(rows.values_list("official", flat=True))


def _digest(commune: Commune, person: Official, news: Iterable[Pressed], now: datetime) -> int:
    items = list(news)
    half = "pm" if dates.local(now).hour >= NOON else "am"
    late = [each for each in items if each.level >= lateness.FULL]
    notifications.tell(
        "reports.deadlines",
        subject=person,
        commune=commune.id,
        recipients=[*telling.officials([person])],
        context={
            "late": late,
            "soon": [each for each in items if each.level < lateness.FULL],
            "commune": commune.full_name,
        },
        key=f"deadlines/{dates.local(now):%Y-%m-%d}-{half}",
    )
    rows = [
        DeadlineWarning(
            commune=commune,
            report_id=each.id,
            official=person,
            level=each.level,
            due_at=each.due_at,
            told_at=now,
        )
        for each in items
    ]
    DeadlineWarning.objects.bulk_create(rows, ignore_conflicts=True)
    return 1
