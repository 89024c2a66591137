"""Who is on duty: by the roster, else the head of the office, else a leader of the commune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from xaso.kernel.identity.models import Official, Role, RoleAssignment, Unit, UnitKind
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.reports.models import DutyShift


class Source(StrEnum):
    """Why somebody is on duty."""

    ROSTER = "roster"
    OFFICE = "head_of_office"  # the roster is empty
    LEADER = "leader"  # and no office has a head


@dataclass(frozen=True)
class OnDuty:
    """Someone to turn to at a moment; `order` 1 is called first. `unit_id` is where they work."""

    official: Official
    unit_id: int | None
    phone: str
    order: int
    source: Source


def on_duty(commune: Commune | UUID, moment: datetime) -> Sequence[OnDuty]:
    """Return who is on duty at a moment, in the order they are called.

    People who left (account closed, no role any more) are passed over. Without anybody on the
    roster: the heads of the office; without those: the leaders. Empty only when nobody at all is
    left. One statement when the roster is kept, at most three.
    """
    shifts = DutyShift.objects.filter(
        commune=commune, removed_at__isnull=True, starts_at__lte=moment, ends_at__gt=moment
    )
    known = shifts.filter(_works("official", commune, moment)).select_related("official")
    known = known.annotate(unit_id=_unit_of("official", commune, moment))
    found = [
        OnDuty(row.official, row.unit_id, row.phone, row.order, Source.ROSTER)
        for row in known.order_by("order", "starts_at", "id")
    ]
    return found or _heads_of_office(commune, moment) or _leaders(commune, moment)


def roster(
    commune: Commune | UUID, first: date, days: int
) -> Sequence[tuple[date, list[DutyShift]]]:
    """Return the shifts of some local days, each under the day on which it begins or goes on."""
    start = datetime.combine(first, time(), dates.ZONE)
    rows = DutyShift.objects.filter(
        commune=commune,
        removed_at__isnull=True,
        ends_at__gt=start,
        starts_at__lt=start + timedelta(days=days),
    )
    found = list(rows.select_related("official").order_by("starts_at", "order", "id"))
    listed = [first + timedelta(days=n) for n in range(days)]
    by_day: dict[date, list[DutyShift]] = {day: [] for day in listed}
    for row in found:
        by_day[max(dates.local(row.starts_at).date(), first)].append(row)
    return list(by_day.items())


def _heads_of_office(commune: Commune | UUID, moment: datetime) -> list[OnDuty]:
    units = Unit.objects.filter(commune=commune, kind=UnitKind.OFFICE, is_open=True)
    rows = units.filter(_works("head", commune, moment)).select_related("head")
    return [
        OnDuty(unit.head, unit.pk, "", number, Source.OFFICE)
        for number, unit in enumerate(rows.order_by("code"), 1)
        if unit.head is not None
    ]


def _leaders(commune: Commune | UUID, moment: datetime) -> list[OnDuty]:
    held = RoleAssignment.objects.at(moment).filter(
        commune=commune, role=Role.LEADER, official__is_active=True
    )
    rows = held.select_related("official").order_by("valid_from", "id")
    return [
        OnDuty(row.official, row.unit_id, "", number, Source.LEADER)
        for number, row in enumerate(rows, 1)
    ]


def _works(who: str, commune: Commune | UUID, moment: datetime) -> Q:
    """Say that somebody's account is open and they hold a role in the commune."""
    held = _held(who, commune, moment)
    return Q(Exists(held)) & Q(**{f"{who}__is_active": True})


def _unit_of(who: str, commune: Commune | UUID, moment: datetime) -> Subquery:
    held = _held(who, commune, moment).filter(unit__isnull=False)
    return Subquery(held.order_by("valid_from", "id").values("unit")[:1])


def _held(who: str, commune: Commune | UUID, moment: datetime) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.at(moment).filter(commune=commune, official=OuterRef(f"{who}_id"))
