"""What a row says against what the register holds of that person, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from xaso.population import births, ethnic, naming, sounding
from xaso.population.births import Partial
from xaso.population.lists import names
from xaso.population.models.words import (
    Precision,
    ResidenceKind,
    Role,
    Sex,
    Status,
)
from xaso.population.scoring import Facts

_FINER = {Precision.UNKNOWN: 0, Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """A membership as the register holds it."""

    key: UUID
    household: UUID
    role: str
    kind: str
    first: date
    end: date | None
    code: str = ""  # of the household


@dataclass(frozen=True)
class Known:
    """A person as the register holds them; numbers and phones by blind index."""

    key: UUID
    version: int
    name: str
    side: Facts
    exact: str
    birth: Partial
    sex: str
    ethnic: str
    status: str
    national: frozenset[bytes] = frozenset()
    cards: frozenset[bytes] = frozenset()
    tail: str = ""
    phones: frozenset[bytes] = frozenset()
    others: frozenset[str] = frozenset()  # other names, as `naming.exact`
    spans: tuple[Span, ...] = ()  # memberships open on the day of the list


@dataclass(frozen=True)
class House:
    """A household as the register holds it."""

    key: UUID
    code: str
    village: int | None
    village_name: str
    address: str
    is_closed: bool = False
    head: UUID | None = None
    dwelling: UUID | None = None


@dataclass(frozen=True)
class Stated:
    """A row's statements with the blind indexes of its numbers."""

    said: Said
    number: bytes | None = None
    card: bytes | None = None
    phone: bytes | None = None

    @property
    def birth(self) -> Partial:
        """Return the stated birth."""
        return partial(self.said.get("birth"))

    @property
    def kind(self) -> str:
        """Return the stated footing; a list of residents means the permanent ones."""
        return str(self.said.get("residence", ResidenceKind.PERMANENT))


@dataclass(frozen=True)
class Change:
    """One field that differs: what the register holds, what the list says."""

    field: str
    old: str
    new: str
    is_conflict: bool = False  # taking it would undo something an official should look at
    evidence: str = ""  # under which name the source of the old value is kept


@dataclass
class Compared:
    """All differences of a row."""

    changes: list[Change] = field(default_factory=list)

    def add(self, name: str, old: str, new: str, *, evidence: str = "") -> None:
        """Add a difference that is a plain change."""
        self.changes.append(Change(name, old, new, evidence=evidence if old else ""))

    def contradict(self, name: str, old: str, new: str) -> None:
        """Add a difference that needs an official's own look."""
        self.changes.append(Change(name, old, new, is_conflict=True))


def partial(value: Any) -> Partial:  # noqa: ANN401  (JSON: [day, precision])
    """Return a stated day."""
    return Partial(date.fromisoformat(value[0]), value[1]) if value else Partial()


def side(
    stated: Stated,
    households: frozenset[UUID] = frozenset(),
    classes: sounding.Classes = sounding.SHIPPED,
) -> Facts:
    """Return what of a row is compared for likeness; its number counts as compared with a paper."""
    written = names.written(stated.said["name"], classes)
    numbers = frozenset({stated.number} if stated.number else ())
    return Facts(
        fold=written.fold,
        fold_tight=written.fold_tight,
        sound=written.sound,
        birth=stated.birth,
        sex=stated.said.get("sex", Sex.UNKNOWN),
        households=households,
        village=stated.said.get("village"),
        numbers=numbers,
        verified=numbers,
    )


def compare(stated: Stated, known: Known, house: House | None, *, code: str) -> Compared:
    """Return how a row differs from a person; nothing said is no difference.

    `house` is the register's household the row belongs to; None with a `code` is a new one. Coarser
    knowledge contradicts nothing: the list's `1987` is the register's 5/1/1987.
    """
    found = Compared()
    _own(stated, known, found)
    _papers(stated, known, found)
    if known.status == Status.DECEASED:
        found.contradict("row", "deceased", "")
    if house is not None or code:
        _belonging(stated, known, house, code, found)
    return found


def of_house(said: Said, house: House, villages: Mapping[int | None, str]) -> Compared:
    """Return how a row's place differs from its household's."""
    found = Compared()
    village = said.get("village")
    if village is not None and village != house.village:
        found.add("village", house.village_name, villages.get(village, ""), evidence="village")
    address = said.get("address", "")
    if address and naming.exact(address) != naming.exact(house.address):
        found.add("address", house.address, address, evidence="address")
    return found


def _own(stated: Stated, known: Known, found: Compared) -> None:
    said = stated.said
    if naming.exact(said["name"]) not in {known.exact, *known.others}:
        found.add("name", known.name, said["name"], evidence="name")
    sex = said.get("sex")
    if sex and sex != known.sex:
        old = "" if known.sex == Sex.UNKNOWN else str(Sex(known.sex).label)
        found.add("sex", old, str(Sex(sex).label), evidence="sex")
    if stated.birth.day is not None and _says_more(stated.birth, known.birth):
        old = "" if known.birth.day is None else str(known.birth)
        found.add("birth", old, str(stated.birth), evidence="birth")
    code = said.get("ethnic")
    if code and code != known.ethnic:
        found.add("ethnic", ethnic.name(known.ethnic), ethnic.name(code), evidence="ethnic_code")
    other = said.get("other_name")
    if other and naming.exact(other) not in {known.exact, *known.others}:
        found.add("other_name", "", other)


def _says_more(stated: Partial, known: Partial) -> bool:
    if known.day is None:
        return True
    if births.may_be_same(stated, known):
        return _FINER[Precision(stated.precision)] > _FINER[Precision(known.precision)]
    return True


def _papers(stated: Stated, known: Known, found: Compared) -> None:
    said = stated.said
    if stated.number and stated.number not in known.national:
        new = f"•••{said['number'][-3:]}"
        if known.national:
            found.contradict("national_id", f"•••{known.tail}", new)
        else:
            found.add("national_id", "", new)
    if stated.card and stated.card not in known.cards:
        found.add("cmnd", "", f"•••{said['cmnd'][-3:]}")
    if stated.phone and stated.phone not in known.phones:
        found.add("phone", "", f"•••{said['phone'][-3:]}")


def _belonging(
    stated: Stated, known: Known, house: House | None, code: str, found: Compared
) -> None:
    here = next((s for s in known.spans if house and s.household == house.key), None)
    role = stated.said.get("role")
    new_code = house.code if house else code
    if here is None:
        away = next((s for s in known.spans if s.kind == stated.kind), None)
        if away is not None and stated.kind != ResidenceKind.LIVING:
            found.contradict("household", away.code, new_code)
        else:
            found.add("household", "", new_code)
        _head(role, known, house, found)
        return
    if role and role != here.role:
        if Role.HEAD in (role, here.role):
            found.contradict("role", str(Role(here.role).label), str(Role(role).label))
        else:
            found.add("role", str(Role(here.role).label), str(Role(role).label))
    kind = stated.said.get("residence")
    if kind and kind != here.kind:
        old = str(ResidenceKind(here.kind).label)
        found.add("residence", old, str(ResidenceKind(kind).label))


def _head(role: str | None, known: Known, house: House | None, found: Compared) -> None:
    """Let somebody look at a new head of a household that has another one."""
    if role == Role.HEAD and house and house.head and house.head != known.key:
        found.contradict("role", "", str(Role.HEAD.label))
