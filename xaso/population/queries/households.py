"""Households: by code, with their members and history."""

from collections.abc import Sequence
from uuid import UUID

from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.population.models import Household, Membership, ResidenceEvent, VillageTask


def household(commune: Commune | UUID, code: str) -> Household:
    """Return a household by its code, in any case. Refuses with NotFound."""
    rows = Household.objects.select_related("village", "dwelling", "commune")
    found = rows.filter(commune=commune, code=code.strip().upper()).first()
    if found is None:
        raise NotFound
    return found


def past_members(household: Household) -> Sequence[Membership]:
    """Return memberships that ended, newest first."""
    rows = Membership.objects.filter(household=household, period__upper_inf=False)
    return list(rows.select_related("person").order_by("-period"))


def events(household: Household, most: int = 30) -> Sequence[ResidenceEvent]:
    """Return what happened to people of a household, newest first."""
    members = Membership.objects.filter(household=household).values("person")
    rows = ResidenceEvent.objects.filter(person__in=members).select_related("person", "reversed_by")
    return list(rows.order_by("-recorded_at", "-id")[:most])


def tasks(household: Household) -> Sequence[VillageTask]:
    """Return what its village is still asked about a household."""
    return list(household.tasks.filter(done_at__isnull=True).order_by("due_on"))
