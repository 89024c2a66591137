"""Who acts, as a plain value that every room can pass down to the log book."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Kind = Literal["official", "resident", "helper", "system", "machine"]


@dataclass(frozen=True)
class Actor:
    """Who acts, in which roles, through which channel, and for whom.

    `id` is the official's or device's key, never a name; `on_behalf_of` is the key of the person
    someone helps (a resident without a phone).
    """

    kind: Kind
    id: str
    channel: str = "desk"  # desk, web, pwa, api, job, cli, demo, wall
    roles: frozenset[str] = field(default_factory=frozenset)
    unit_id: int | None = None
    on_behalf_of: str = ""

    def is_one_of(self, *roles: str) -> bool:
        """Return whether the actor holds one of the roles."""
        return bool(self.roles & set(roles))


SYSTEM = Actor("system", "system", "job")
NO_COMMUNE = UUID(int=0)  # where the log book keeps events of the whole installation
