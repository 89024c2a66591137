"""Compare a list with the register, a part at a time: nothing of the register is changed here."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q

from xaso.kernel.sealing import boxes
from xaso.kernel.text import dates
from xaso.population import scoring
from xaso.population.actions import importing
from xaso.population.actions.bulk import packed
from xaso.population.actions.importing import go_on, locked_batch, move, save
from xaso.population.actions.importing_known import (
    Register,
    Row,
    extend,
    load,
    load_alike,
    part,
    stated,
)
from xaso.population.actions.importing_reading import clean_part
from xaso.population.lists import comparing
from xaso.population.lists.comparing import Change, House, Known, Stated
from xaso.population.models import (
    BatchState,
    FieldEvidence,
    ImportBatch,
    ImportRow,
    Membership,
    Person,
    Role,
    RowKind,
    Source,
    Status,
)

PART = 2_000  # rows
DIFF = "population_importrow.diff"
PLACE = frozenset({"village", "address"})
_MOST_CANDIDATES = 5
_UPDATE = """
    UPDATE population_importrow r SET kind = u.kind, person_id = u.person,
        person_version = u.version, household_id = u.household, diff = u.diff,
        candidates = u.candidates::jsonb, rules = u.rules::jsonb, errors = u.errors::jsonb,
        reason = u.reason
    FROM unnest(%s::bigint[], %s::text[], %s::uuid[], %s::int[], %s::uuid[], %s::bytea[],
        %s::text[], %s::text[], %s::text[], %s::text[])
        AS u (id, kind, person, version, household, diff, candidates, rules, errors, reason)
    WHERE r.id = u.id
"""


@dataclass
class Judged:
    """One row and what it is against the register."""

    row: Row
    stated: Stated
    kind: str = ""
    known: Known | None = None
    house: House | None = None
    changes: list[Change] = field(default_factory=list)
    candidates: list[tuple[UUID, int]] = field(default_factory=list)


@transaction.atomic
def compare_list(key: UUID) -> None:
    """Do the next part of comparing: understand rows, then compare them household by household."""
    batch = locked_batch(key)
    if batch.state != BatchState.MAPPED:
        return
    if batch.facts.get("step") == "clean":
        clean_part(batch)
        return
    rows = part(batch, int(batch.facts["at"]), PART)
    if not rows:
        _finish(batch)
        return
    judged = _judge(batch, rows)
    _weigh(batch, judged)
    _keep(judged)
    compared = int(batch.facts.get("compared", 0)) + len(rows)
    batch.done = min(batch.total, (batch.total + compared) // 2)
    batch.facts = batch.facts | {"at": rows[-1].unit, "compared": compared}
    save(batch)
    go_on(importing.COMPARE, batch)


def _judge(batch: ImportBatch, rows: Sequence[Row]) -> list[Judged]:
    judged = [Judged(row, stated(json.loads(row.said)), row.kind) for row in rows]
    register = load(batch, _unmatched(judged), {row.code for row in rows})
    taken = register.stood_for(batch)
    families = [list(group) for _unit, group in groupby(judged, key=lambda each: each.row.unit)]
    for family in families:
        _match_numbers(family, register, taken)
    load_alike(register, batch, _unmatched(judged))
    taken |= register.stood_for(batch)
    homes = {key for family in families for key in _homes(family, register)}
    extend(register, batch, homes)
    for family in families:
        house = _house(family, register)
        for each in family:
            each.house = house
            _match(each, register, taken)
        _compare(family, register.villages)
    return judged


def _unmatched(judged: Sequence[Judged]) -> list[Stated]:
    """Return the rows that only a household or a likeness can match: no number told who it is."""
    left = [each.stated for each in judged if not each.known and not each.candidates]
    return [each for each in left if "name" in each.said]


def _match_numbers(family: list[Judged], register: Register, taken: set[UUID]) -> None:
    """Find people by their number: the same person, unless name and birth both say otherwise."""
    for each in family:
        if each.stated.number is None or "name" not in each.stated.said:
            continue
        keys = [k for k in register.by_number[each.stated.number] if k in register.people]
        owners = list(dict.fromkeys(keys))
        if len(owners) == 1 and _may_be(each.stated, register.people[owners[0]], register):
            _take(each, register.people[owners[0]], taken)
        elif owners:
            each.candidates = [(key, register.points["sure"]) for key in owners]


def _may_be(said: Stated, known: Known, register: Register) -> bool:
    mine = comparing.side(said, classes=register.classes)
    is_born = said.birth.day is not None and said.birth == known.birth
    is_near = is_born and not scoring.is_far(mine, known.side)
    return is_near or scoring.is_same_name(mine, known.side)


def _take(each: Judged, known: Known, taken: set[UUID]) -> None:
    each.known, each.candidates = known, []
    if known.key in taken and not each.kind:
        each.kind, each.row.reason = RowKind.DUPLICATE, "differs"
    taken.add(known.key)


def _homes(family: list[Judged], register: Register) -> set[UUID]:
    """Return where the known members of a household of an unknown code live now."""
    code = family[0].row.code
    if not code or register.house(code) is not None:
        return set()
    return {
        span.household
        for each in family
        if each.known
        for span in each.known.spans
        if span.kind == each.stated.kind
    }


def _house(family: list[Judged], register: Register) -> House | None:
    """Return the household the rows speak of: by its code, or where all known members live now."""
    code = family[0].row.code
    found = register.house(code) if code else None
    homes = _homes(family, register)
    if found is not None or len(homes) != 1:
        return found
    key = homes.pop()
    if key in set(register.by_code.values()):
        return None  # another household of the list: the rows are a part that moved or split
    register.by_code[code] = key
    return register.houses[key]


def _match(each: Judged, register: Register, taken: set[UUID]) -> None:
    """Find a person by household and name, then by likeness; a likeness is for a human."""
    if each.known or each.candidates or "name" not in each.stated.said or not register.people:
        return
    houses = frozenset({each.house.key} if each.house else ())
    mine = comparing.side(each.stated, houses, register.classes)
    members = register.members.get(each.house.key, []) if each.house else []
    same = [
        register.people[key]
        for key in members
        if key in register.people and _is_member(each.stated, mine, register.people[key])
    ]
    if len(same) == 1:
        _take(each, same[0], taken)
        return
    pool = {*register.by_tight[mine.fold_tight], *register.by_sound[mine.sound], *members}
    scored = [
        (scoring.score(mine, known.side, register.points).total, known)
        for known in (register.people[key] for key in pool if key in register.people)
        if scoring.is_same_name(mine, known.side) and known.key not in taken
    ]
    scored.sort(key=lambda pair: (-pair[0], str(pair[1].key)))
    _among(each, scored, taken, register.points)


def _is_member(said: Stated, mine: scoring.Facts, known: Known) -> bool:
    years = {day.year for day in (said.birth.day, known.birth.day) if day}
    return mine.fold_tight == known.side.fold_tight and len(years) <= 1


def _among(
    each: Judged, scored: list[tuple[int, Known]], taken: set[UUID], points: scoring.Points
) -> None:
    """Take who is sure, or whom the row says nothing new of; offer the likely ones to a human."""
    possible = [pair for pair in scored if pair[0] >= points["possible"]]
    if len(possible) == 1 and possible[0][0] >= points["sure"]:
        _take(each, possible[0][1], taken)
        return
    for _points, known in scored:
        if _says_nothing_new(each, known):
            _take(each, known, taken)
            return
    each.candidates = [(known.key, total) for total, known in possible[:_MOST_CANDIDATES]]


def _says_nothing_new(each: Judged, known: Known) -> bool:
    """Return whether a row that names no household says what the register holds already.

    Then taking it for that person writes nothing; without this, a list of people without number and
    household would register all of them again.
    """
    if each.row.code or each.stated.birth != known.birth or each.stated.birth.day is None:
        return False
    village = each.stated.said.get("village")
    is_here = village is None or known.side.village in (None, village)
    return is_here and not comparing.compare(each.stated, known, None, code="").changes


def _compare(family: list[Judged], villages: Mapping[int | None, str]) -> None:
    """Set what each row of a household is; the household's own place is said once."""
    place_said = False
    for each in family:
        if each.known is not None:
            found = comparing.compare(each.stated, each.known, each.house, code=each.row.code)
            each.changes = list(found.changes)
        if each.house is not None and not place_said and not each.kind:
            place = comparing.of_house(each.stated.said, each.house, villages).changes
            place_said = bool(place)
            each.changes += place
        if each.house is not None and each.house.is_closed and not each.kind:
            each.row.errors = [*each.row.errors, ["household", "household_closed"]]
            each.kind = RowKind.ERROR
        if not each.kind:
            each.kind = _kind(each)
    first = family[0]
    is_new = first.row.code and first.house is None
    if is_new and not any(each.stated.said.get("role") == Role.HEAD for each in family):
        first.row.rules = [*first.row.rules, ["role", "no_head"]]


def _kind(each: Judged) -> str:
    if each.candidates:
        return RowKind.CANDIDATE
    if each.known is None:
        takes_head = (
            each.house is not None
            and each.house.head is not None
            and each.stated.said.get("role") == Role.HEAD
        )
        if takes_head:
            each.changes.append(Change("role", "", str(Role.HEAD.label), is_conflict=True))
            return RowKind.CONFLICT
        return RowKind.NEW
    if any(change.is_conflict for change in each.changes):
        return RowKind.CONFLICT
    return RowKind.CHANGED if each.changes else RowKind.SAME


def _weigh(batch: ImportBatch, judged: Sequence[Judged]) -> None:
    """Look where the register's values came from; a value of a later day is no plain change."""
    subjects = {key for each in judged if each.changes for key in _subjects(each).values() if key}
    newest = _evidence(batch, subjects)
    for each in judged:
        subject = _subjects(each)
        packed = []
        for change in each.changes:
            key = subject[change.field in PLACE]
            told = newest.get((key, change.evidence)) if key else None
            is_conflict = change.is_conflict or bool(told and _is_later(told, batch.as_of))
            if is_conflict and each.kind == RowKind.CHANGED:
                each.kind = RowKind.CONFLICT
            source = told.shown if told else ("", "")
            packed.append([change.field, change.old, change.new, *source, is_conflict])
        each.row.diff = json.dumps(packed, ensure_ascii=False) if packed else ""


def _subjects(each: Judged) -> dict[bool, UUID | None]:
    """Return whose evidence counts: the dwelling's for a place, else the person's."""
    return {
        True: each.house.dwelling if each.house else None,
        False: each.known.key if each.known else None,
    }


@dataclass(frozen=True)
class _Told:
    """The newest evidence of a field."""

    source: str
    day: date
    is_list: bool

    @property
    def shown(self) -> tuple[str, str]:
        """Return source and day as they are printed."""
        return str(Source(self.source).label), f"{self.day:%d/%m/%Y}"


def _is_later(told: _Told, as_of: date) -> bool:
    """Return whether the register knows a newer word; of two lists of one day none wins."""
    return told.day > as_of or (told.is_list and told.day == as_of)


def _evidence(batch: ImportBatch, subjects: Iterable[UUID]) -> dict[tuple[UUID, str], _Told]:
    keys = list(subjects)
    if not keys:
        return {}
    rows = FieldEvidence.objects.filter(commune=batch.commune_id, subject__in=keys)
    newest = rows.order_by("subject", "field", "-id").distinct("subject", "field")
    return {
        (row.subject, row.field): _Told(
            row.source,
            row.stated_on or row.verified_at or dates.local(row.at).date(),
            row.stated_on is not None,
        )
        for row in newest
    }


def _keep(judged: Sequence[Judged]) -> None:
    given: list[tuple[Any, ...]] = []
    for each in judged:
        values = (
            each.row.key,
            str(each.kind),
            each.known.key if each.known else None,
            each.known.version if each.known else None,
            each.house.key if each.house else None,
            boxes.seal(each.row.diff, context=DIFF) if each.row.diff else b"",
            json.dumps([[str(key), points] for key, points in each.candidates]),
            json.dumps(each.row.rules),
            json.dumps(each.row.errors),
            each.row.reason,
        )
        given.append(values)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [packed(column) for column in zip(*given, strict=True)])


def _finish(batch: ImportBatch) -> None:
    """Count the rows by kind and who the list does not name."""
    rows = ImportRow.objects.filter(batch=batch)
    counts = Counter(dict(rows.values_list("kind").annotate(Count("pk"))))
    batch.counts = {kind: counts.get(kind, 0) for kind in RowKind.values}
    batch.missing = not_named(batch).count()
    batch.done = batch.total
    move(batch, BatchState.COMPARED)
    save(batch)


def not_named(batch: ImportBatch) -> Any:  # noqa: ANN401  (a query set of people)
    """Return who lives in the villages of a list on its day and is not in it: only told."""
    named = ImportRow.objects.filter(batch=batch, person__isnull=False)
    here = Membership.objects.filter(commune=batch.commune_id, period__contains=batch.as_of)
    people = Person.objects.filter(
        ~Q(pk__in=named.values("person")), commune=batch.commune_id, status=Status.ACTIVE,
        pk__in=here.values("person"),
    )  # fmt: skip
    villages = batch.facts.get("villages")  # those the list names
    return people.filter(village__in=villages) if villages else people
