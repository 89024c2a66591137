"""What writing a household of a list would do to the register, prepared as rows; nothing is saved.

Only what differs is touched: an empty cell is no statement, and nobody is taken out of a household
because a list does not name them.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateRange

from xaso.kernel.sealing import rows as sealing
from xaso.population import births, naming
from xaso.population.actions.importing_known import Register, Row
from xaso.population.actions.importing_rows import (
    Home,
    NewContact,
    NewDwelling,
    NewMembership,
    NewName,
    NewNumber,
    NewPerson,
)
from xaso.population.actions.saying import DWELLING, HOUSEHOLD, PERSON
from xaso.population.lists import comparing, names
from xaso.population.lists.comparing import House, Known, Span, Stated
from xaso.population.models import (
    Decision,
    Household,
    ImportBatch,
    NumberKind,
    Person,
    Role,
    Sex,
    Status,
)

NUMBER, CONTACT = "population_personidentifier.cipher", "population_personcontact.cipher"
Before = dict[str, Any]


@dataclass
class Work:
    """Rows to be made and changed for some households."""

    people: list[NewPerson] = field(default_factory=list)
    changed: list[Person] = field(default_factory=list)
    numbers: list[NewNumber] = field(default_factory=list)
    contacts: list[NewContact] = field(default_factory=list)
    names: list[NewName] = field(default_factory=list)
    dwellings: list[NewDwelling] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    moved: list[Household] = field(default_factory=list)
    cut: list[tuple[UUID, DateRange]] = field(default_factory=list)
    dropped: list[UUID] = field(default_factory=list)
    recast: list[tuple[UUID, str, str]] = field(default_factory=list)  # membership, role, kind
    joined: list[NewMembership] = field(default_factory=list)
    evidence: list[tuple[str, UUID, str, object]] = field(default_factory=list)
    codes: list[tuple[str, UUID]] = field(default_factory=list)  # of the sender
    settle: set[UUID] = field(default_factory=set)  # households of the register
    rows: list[tuple[Row, Before]] = field(default_factory=list)

    @property
    def only_adds(self) -> bool:
        """Return whether nothing of the register is changed, ended or joined."""
        return not (self.changed or self.settle or self.moved)

    def add(self, other: "Work") -> None:
        """Take another household's rows in."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            mine.update(value) if isinstance(value, set) else mine.extend(value)


@dataclass
class Desk:
    """What planning needs of a part: the list, the register, people as they are, the time."""

    batch: ImportBatch
    register: Register
    people: dict[UUID, Person]
    homes: dict[UUID, Household]
    now: datetime
    used: set[UUID] = field(default_factory=set)  # people another row of this part changes
    numbers: set[bytes] = field(default_factory=set)  # numbers this part adds
    codes: Iterator[str] = field(default_factory=lambda: iter(()))  # for households it opens


@dataclass
class Family:
    """One household of a list as it is planned."""

    code: str
    house: House | None
    work: Work
    home: Home | None = None  # made for it
    before: Before = field(default_factory=dict)  # of the row in hand, for undoing
    kept: frozenset[str] = frozenset()  # fields of the row in hand that stay as the register says


def plan(desk: Desk, code: str, house: House | None, rows: Iterable[tuple[Row, Stated]]) -> Work:
    """Return what writing some rows of one household does."""
    family = Family(code, house, Work())
    chosen = list(rows)
    place_said = False
    for row, stated in chosen:
        before: Before = {}
        family.before = before
        family.kept = _kept(row)
        if code and house is None and family.home is None:
            _open(desk, family, [each for _row, each in chosen])
        known = desk.register.people.get(row.person_id) if row.person_id else None
        if known is None:
            _register(desk, family, stated)
        else:
            _change(desk, family, known, stated)
        if house is not None and not place_said and not family.kept & {"village", "address"}:
            place_said = _move(desk, family, house, stated)
        family.work.rows.append((row, before))
    return family.work


def _kept(row: Row) -> frozenset[str]:
    """Return the fields in which an official said that the register is right."""
    if row.decision != Decision.KEEP:
        return frozenset()
    return frozenset(line[0] for line in json.loads(row.diff or "[]") if line[5])


def _open(desk: Desk, family: Family, stated: list[Stated]) -> None:
    """Open a household that the register does not have yet."""
    village = next((s.said["village"] for s in stated if "village" in s.said), None)
    address = next((s.said["address"] for s in stated if s.said.get("address")), "")
    first = min(_first(desk, each) for each in stated)
    home = Home(uuid4(), next(desk.codes), village, first)
    if address or village:
        home.dwelling = _dwelling(family, village, address)
        family.before["dwelling_made"] = str(home.dwelling)
    family.home = home
    family.work.homes.append(home)
    family.work.codes.append((family.code, home.key))
    family.work.evidence.append((HOUSEHOLD, home.key, "opened", first))
    family.before["house_made"] = str(home.key)


def _dwelling(family: Family, village: int | None, address: str) -> UUID:
    made = NewDwelling(uuid4(), village, address)
    family.work.dwellings.append(made)
    family.work.evidence += [
        (DWELLING, made.id, "address", address),
        (DWELLING, made.id, "village", village),
    ]
    return made.id


def _register(desk: Desk, family: Family, stated: Stated) -> None:
    """Register somebody new; of a household that is new too the village is known already."""
    said, born = stated.said, stated.birth
    name = names.written(said["name"], desk.register.classes)
    key = uuid4()
    person = NewPerson(
        key,
        said.get("sex", Sex.UNKNOWN),
        born.day,
        born.precision,
        born.day.year if born.day else None,
        said.get("ethnic", ""),
        family.home.village if family.home else None,
        name.display_name,
        name.exact,
        name.fold,
        name.fold_tight,
        name.sound,
        name.sound_given,
        name.sort_key,
    )
    family.work.people.append(person)
    given: dict[str, object] = {"name": name.display_name}
    if "sex" in said:
        given["sex"] = said["sex"]
    if born.day:
        given["birth"] = births.shown(born.day, born.precision)
    if "ethnic" in said:
        given["ethnic_code"] = said["ethnic"]
    _evidence(family, key, given)
    family.before |= {"person": str(key), "made": True}
    _papers(desk, family, key, stated, None)
    _belong(desk, family, key, stated, ())


def _change(desk: Desk, family: Family, known: Known, stated: Stated) -> None:
    """Change what differs of somebody we know."""
    person = desk.people[known.key]
    desk.used.add(known.key)
    family.before |= {"person": str(person.pk), "made": False}
    columns, given = _columns(desk, known, stated, family.kept)
    if known.status == Status.LEFT and (family.code or family.house):
        columns["status"] = Status.ACTIVE
    family.before["columns"] = {name: _plain(getattr(person, name)) for name in columns}
    family.before["told"] = sorted(given)
    for name, value in columns.items():
        setattr(person, name, value)
    person.version, person.updated_at = person.version + 1, desk.now
    family.work.changed.append(person)
    _evidence(family, person.pk, given)
    _papers(desk, family, person.pk, stated, known)
    _belong(desk, family, person.pk, stated, known.spans)


def _columns(
    desk: Desk, known: Known, stated: Stated, kept: frozenset[str]
) -> tuple[dict[str, Any], dict[str, object]]:
    """Return the columns that change, and what is told by them."""
    said = stated.said
    columns: dict[str, Any] = {}
    given: dict[str, object] = {}
    found = comparing.compare(stated, known, None, code="")
    for change in found.changes:
        if change.field in kept:
            continue
        if change.field == "name":
            columns |= names.written(said["name"], desk.register.classes).for_person()
            columns["is_unnamed"] = False
            given["name"] = said["name"]
        elif change.field == "birth" and stated.birth.day:
            born = stated.birth
            columns |= {"birth_date": born.day, "birth_precision": born.precision}
            columns["birth_year"] = stated.birth.day.year
            given["birth"] = births.shown(born.day, born.precision)
        elif change.field == "sex":
            columns["sex"] = given["sex"] = said["sex"]
        elif change.field == "ethnic":
            columns["ethnic_code"] = given["ethnic_code"] = said["ethnic"]
    return columns, given


def _papers(desk: Desk, family: Family, key: UUID, stated: Stated, known: Known | None) -> None:
    """Add numbers, a phone and another name that are not there yet."""
    said = stated.said
    is_kept = "national_id" in family.kept
    if stated.number and not is_kept and not (known and stated.number in known.national):
        desk.numbers.add(stated.number)
        warnings = list(said.get("number_warnings", ()))
        _number(family, key, (NumberKind.NATIONAL, said["number"], stated.number), warnings)
    if stated.card and not (known and stated.card in known.cards):
        _number(family, key, (NumberKind.CMND, said["cmnd"], stated.card), [])
    if stated.phone and not (known and stated.phone in known.phones):
        row = uuid4()
        sealed = sealing.seal(said["phone"], context=CONTACT, row=row)
        family.work.contacts.append(NewContact(row, key, sealed, stated.phone))
        family.before["contacts"] = [str(row)]
    other = said.get("other_name")
    if other and not (known and naming.exact(other) in {known.exact, *known.others}):
        written = names.written(other, desk.register.classes)
        name = NewName(
            uuid4(), key, written.display_name, written.fold, written.fold_tight, written.sound
        )
        family.work.names.append(name)
        family.before["names"] = [str(name.id)]


def _number(family: Family, key: UUID, paper: tuple[str, str, bytes], warnings: list[str]) -> None:
    kind, text, index = paper
    row = uuid4()
    sealed = sealing.seal(text, context=NUMBER, row=row)
    family.work.numbers.append(NewNumber(row, key, kind, sealed, index, text[-3:], warnings))
    family.before.setdefault("numbers", []).append(str(row))
    _evidence(family, key, {f"number.{kind}": text})


def _belong(desk: Desk, family: Family, key: UUID, stated: Stated, spans: Iterable[Span]) -> None:
    """Let somebody belong to the household of the list: join, move, or go on in another role."""
    home = family.home.key if family.home else family.house.key if family.house else None
    if home is None or family.kept & {"household", "role", "residence"}:
        return
    first, role = _first(desk, stated), stated.said.get("role")
    here = next((span for span in spans if span.household == home), None)
    if here is None:
        for span in spans:
            if span.kind == stated.kind:
                _end(family, span, first)
        _join(family, (key, home, role or Role.OTHER, stated.kind), (first, None))
        return
    wanted = (role or here.role, stated.said.get("residence", here.kind))
    if wanted == (here.role, here.kind):
        return
    family.work.settle.add(home)
    if here.first < first:
        _end(family, here, first)
        _join(family, (key, home, *wanted), (first, here.end))
    else:
        family.work.recast.append((here.key, *wanted))
        family.before.setdefault("recast", []).append([str(here.key), here.role, here.kind])


def _end(family: Family, span: Span, on: date) -> None:
    """End a membership before a day; one that began that day or later never was."""
    family.work.settle.add(span.household)
    if span.first < on:
        family.work.cut.append((span.key, DateRange(span.first, on)))
        family.before.setdefault("cut", []).append([str(span.key), _plain(span.end)])
    else:
        family.work.dropped.append(span.key)
        family.before.setdefault("dropped", []).append(str(span.key))


def _join(family: Family, who: tuple[UUID, UUID, str, str], days: tuple[date, date | None]) -> None:
    made = NewMembership(uuid4(), *who, DateRange(*days))
    family.work.joined.append(made)
    if family.home:
        family.home.members.append(made)
    else:
        family.work.settle.add(made.household_id)
    family.before.setdefault("joined", []).append(str(made.id))


def _move(desk: Desk, family: Family, house: House, stated: Stated) -> bool:
    """Say where a known household lives, if the list says something else; at most once."""
    found = comparing.of_house(stated.said, house, {})
    if not found.changes:
        return False
    home = desk.homes[house.key]
    family.before["house"] = [str(home.pk), home.village_id, _plain(home.dwelling_id)]
    village = stated.said.get("village", home.village_id)
    home.dwelling_id = _dwelling(family, village, stated.said.get("address") or house.address)
    home.village_id = village
    family.before["dwelling_made"] = str(home.dwelling_id)
    family.work.moved.append(home)
    family.work.settle.add(home.pk)
    return True


def _first(desk: Desk, stated: Stated) -> date:
    since = stated.said.get("since")
    return date.fromisoformat(since) if since else desk.batch.as_of


def _evidence(family: Family, key: UUID, given: dict[str, object]) -> None:
    family.work.evidence += [(PERSON, key, name, value) for name, value in given.items()]


def _plain(value: Any) -> Any:  # noqa: ANN401  (a column as JSON)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
