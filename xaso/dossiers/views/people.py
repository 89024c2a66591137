"""Colleagues to choose from: each by name, with the unit, the village or the role behind it."""

from collections.abc import Sequence

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Role, RoleAssignment
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock


def offered(commune: Commune, *, permission: str = "", role: str = "") -> list[tuple[int, str]]:
    """Return who works there now, as key and words: of one permission, of one role.

    Two statements, however many there are. Two people of one name are told apart by what is behind.
    """
    now = clock.now()
    held = {
        each.official.pk: [row for row in each.roles if row.is_held_at(now)]
        for each in identity.colleagues(commune)
    }
    return [
        (person.pk, f"{person} – {_behind(rows)}")
        for person in identity.members(commune, permission=permission)
        if (rows := held.get(person.pk)) and (not role or any(row.role == role for row in rows))
    ]


def _behind(rows: Sequence[RoleAssignment]) -> str:
    """Return the units and villages somebody is of; of who has none, the roles."""
    places = [row.unit.name for row in rows if row.unit]
    places += [row.village.full_name for row in rows if row.village]
    roles = [str(Role(row.role).label) for row in rows]
    return ", ".join(dict.fromkeys(places or roles))
