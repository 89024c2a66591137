"""What a list adds to the register, as plain rows: the fields that differ from row to row.

A model of each would cost more than all the rest: a list has two hundred thousand of them.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange


class NewPerson(NamedTuple):
    """A person; the columns of the name are those of `naming.Written`."""

    id: UUID
    sex: str
    birth_date: date | None
    birth_precision: str
    birth_year: int | None
    ethnic_code: str
    village_id: int | None
    display_name: str
    exact: str
    fold: str
    fold_tight: str
    sound: str
    sound_given: str
    sort_key: str


class NewNumber(NamedTuple):
    """A number of a paper, sealed to its row."""

    id: UUID
    person_id: UUID
    kind: str
    cipher: bytes
    blind_index: bytes
    tail3: str
    warnings: list[str]


class NewContact(NamedTuple):
    """A phone, sealed to its row."""

    id: UUID
    person_id: UUID
    cipher: bytes
    blind_index: bytes


class NewName(NamedTuple):
    """Another name."""

    id: UUID
    person_id: UUID
    name: str
    fold: str
    fold_tight: str
    sound: str


class NewDwelling(NamedTuple):
    """A place to live."""

    id: UUID
    village_id: int | None
    address: str


class NewMembership(NamedTuple):
    """Somebody belongs to a household."""

    id: UUID
    person_id: UUID
    household_id: UUID
    role: str
    residence_kind: str
    period: DateRange


class NewHousehold(NamedTuple):
    """A household with its state."""

    id: UUID
    code: str
    dwelling_id: UUID | None
    village_id: int | None
    opened: date
    state: str
    headless_since: date | None


class NewCode(NamedTuple):
    """Which household a sender's code stands for."""

    code: str
    household_id: UUID


@dataclass(slots=True)
class Home:
    """A household that a list opens, with its members: nobody else belongs to it yet."""

    key: UUID
    code: str
    village: int | None
    opened: date
    dwelling: UUID | None = None
    members: list[NewMembership] = field(default_factory=list)
