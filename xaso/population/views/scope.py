"""How far an official sees: the whole commune, or their own villages without numbers."""

from dataclasses import dataclass
from uuid import UUID

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Role
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import NotFound
from xaso.kernel.web.http import DeskRequest
from xaso.population import purposes, queries
from xaso.population.models import Household, Person
from xaso.population.queries import apart

_OF_VILLAGES = (Role.VILLAGE_HEAD, Role.TEAM)


@dataclass(frozen=True)
class Scope:
    """What one official may open; `villages` None is the whole commune."""

    villages: frozenset[int] | None

    @property
    def is_whole(self) -> bool:
        """Return whether everybody of the commune is in it."""
        return self.villages is None

    def holds(self, village: int | None) -> bool:
        """Return whether a village is in it; people of no village are the whole commune's only."""
        return self.villages is None or village in self.villages

    @property
    def purpose(self) -> str:
        """Return what an ordinary look is for."""
        return purposes.DEFAULT if self.is_whole else purposes.VISIT


def of(request: DeskRequest) -> Scope:
    """Return the scope of a request: a role narrows to its village, without one to nothing."""
    if identity.may(request.actor, "population.browse"):
        return Scope(None)
    held = identity.held(request)
    return Scope(
        frozenset(h.village_id for h in held if h.role in _OF_VILLAGES and h.village_id is not None)
    )


def villages(request: DeskRequest, scope: Scope) -> list[Village]:
    """Return the villages of a scope, by name."""
    return [v for v in places.named_villages(request.commune) if scope.holds(v.pk)]


def person(request: DeskRequest, key: UUID) -> Person:
    """Return somebody of the scope, merged or not. Refuses with NotFound.

    A record that is set apart opens for those alone who look after rights.
    """
    found = queries.person(request.commune, key)
    if not of(request).holds(found.village_id):
        raise NotFound
    if not identity.may(request.actor, "population.rights") and apart.of(found) is not None:
        raise NotFound
    return found


def household(request: DeskRequest, code: str) -> Household:
    """Return a household of the scope. Refuses with NotFound."""
    found = queries.household(request.commune, code)
    if not of(request).holds(found.village_id):
        raise NotFound
    return found
