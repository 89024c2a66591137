"""Write what was taken of a list into the register: 1,000 rows at a time, households whole."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.sealing import boxes
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions import importing, importing_planning
from xaso.population.actions.bulk import insert, look_again, packed, save_people, without_waiting
from xaso.population.actions.households import standing
from xaso.population.actions.importing import go_on, locked_batch, move, save
from xaso.population.actions.importing_known import Decided, Row, load_decided, part, stated
from xaso.population.actions.importing_planning import Before, Desk, Work
from xaso.population.actions.importing_rows import Home, NewCode, NewHousehold
from xaso.population.actions.importing_telling import tell
from xaso.population.actions.settling import ask_for_heads, next_codes, settle_many
from xaso.population.lists.comparing import House, Stated
from xaso.population.models import (
    BatchState,
    CaseState,
    Decision,
    DuplicateCase,
    Dwelling,
    Household,
    HouseholdState,
    ImportBatch,
    ImportFile,
    ImportRow,
    Membership,
    Outcome,
    Person,
    PersonContact,
    PersonIdentifier,
    PersonName,
    RowKind,
    SenderHousehold,
    Status,
)

PART = 2_000  # rows
AT_ONCE = 500  # rows of new households in one statement: more are planned meanwhile
Family = list[tuple[Row, Stated]]  # the rows of one household
BEFORE = "population_importrow.before"
_OUTCOME = """
    UPDATE population_importrow r SET outcome = u.outcome, reason = u.reason,
        person_id = coalesce(u.person, r.person_id),
        person_version = coalesce(u.version, r.person_version),
        household_id = coalesce(u.household, r.household_id), before = u.before
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::uuid[], %s::int[], %s::uuid[],
        %s::bytea[]) AS u (id, outcome, reason, person, version, household, before)
    WHERE r.id = u.id
"""
_CUT = """
    UPDATE population_membership m SET period = daterange(c.first, c.until)
    FROM unnest(%s::uuid[], %s::date[], %s::date[]) AS c (id, first, until) WHERE m.id = c.id
"""


@dataclass
class Results:
    """What became of the rows of a part."""

    said: dict[int, tuple[str, str]] = field(default_factory=dict)  # outcome, reason
    written: list[tuple[Row, Before]] = field(default_factory=list)

    def set(self, rows: Iterable[Row], outcome: str, reason: str = "") -> None:
        """Say the same of several rows."""
        for row in rows:
            self.said[row.key] = (outcome, reason)


@transaction.atomic
def write_list(key: UUID) -> None:
    """Write the next part of an approved list; one line of the log book for each part."""
    batch = locked_batch(key)
    if batch.state != BatchState.APPROVED:
        return
    rows = part(batch, int(batch.facts["at"]), PART)
    if not rows:
        _finish(batch)
        return
    results = Results()
    desk, families = _ready(batch, rows, results)
    _all_or_each(batch, desk, families, (rows, results))
    batch.done += len(rows)
    batch.facts = batch.facts | {"at": rows[-1].unit}
    save(batch)
    _log(batch, "population.list_part_written", len(results.written))
    go_on(importing.WRITE, batch)


def _ready(batch: ImportBatch, rows: Sequence[Row], results: Results) -> tuple[Desk, list[Family]]:
    """Return the households that are decided as a whole; say of the others why they wait."""
    chosen: list[Family] = []
    for _unit, group in groupby(rows, key=lambda row: row.unit):
        taken = _chosen(list(group), results)
        if taken:
            chosen.append([(row, stated(json.loads(row.said))) for row in taken])
    desk = _desk(batch, [pair for family in chosen for pair in family])
    families = []
    for family in chosen:
        ready = [pair for pair in family if not _refused(desk, *pair, results)]
        if len(ready) == len(family):
            families.append(family)
        else:
            results.set(
                [row for row, _said in ready], Outcome.HELD, "household_waits"
            )  # whole or not at all
    return desk, families


def _chosen(unit: list[Row], results: Results) -> list[Row]:
    """Return the rows of a household to write; none when one of them is not decided."""
    taken, waiting = [], []
    for row in unit:
        if row.kind == RowKind.SAME or (
            row.kind == RowKind.DUPLICATE and row.reason == "same_words"
        ):
            results.set([row], Outcome.NOTHING, row.reason)
        elif row.decision == Decision.SKIP:
            results.set([row], Outcome.HELD, "skipped")
        elif row.decision in importing.WANTED:
            taken.append(row)
        else:
            waiting.append(row)
    if waiting:
        results.set(waiting, Outcome.HELD, "not_chosen")
        results.set(taken, Outcome.HELD, "household_waits")
        return []
    return taken


def _desk(batch: ImportBatch, rows: list[tuple[Row, Stated]]) -> Desk:
    people = {row.person_id for row, _said in rows if row.person_id}
    houses = {row.household_id for row, _said in rows if row.household_id}
    register = load_decided(
        batch, [said for _row, said in rows], {row.code for row, _said in rows},
        Decided(people, houses),
    )  # fmt: skip
    locked = Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk")
    homes = Household.objects.filter(pk__among=list(register.houses))
    return Desk(batch, register, {p.pk: p for p in locked}, {h.pk: h for h in homes}, clock.now())


def _refused(desk: Desk, row: Row, said: Stated, results: Results) -> bool:
    """Say why a row is not written although it was taken: the register moved on meanwhile."""
    reason = ""
    person = desk.people.get(row.person_id) if row.person_id else None
    if row.person_id and (person is None or person.status == Status.DUPLICATE):
        reason = "changed_since"
    elif person is not None and person.status == Status.DECEASED:
        reason = "deceased"
    elif person is not None and (person.pk in desk.used or _moved_on(row, person)):
        reason = "changed_since"
    elif (
        said.number
        and person is None
        and row.decision != Decision.NEW
        and (desk.register.by_number.get(said.number) or said.number in desk.numbers)
    ):
        reason = "number_appeared"
    if reason:
        results.set([row], Outcome.REFUSED, reason)
    elif person is None and said.number:
        desk.numbers.add(said.number)
    return bool(reason)


def _moved_on(row: Row, person: Person) -> bool:
    return row.person_version is not None and person.version != row.person_version


def _house(desk: Desk, family: Family) -> House | None:
    row = family[0][0]
    house = desk.register.house(row.code) if row.code else None
    if house is None and row.household_id:
        house = desk.register.houses.get(row.household_id)
    return house


def _planned(desk: Desk, family: Family) -> Work:
    row, house = family[0][0], _house(desk, family)
    work = importing_planning.plan(desk, row.code, house, family)
    if house is not None and row.code not in ("", house.code):
        work.codes.append((row.code, house.key))
    return work


def _all_or_each(
    batch: ImportBatch,
    desk: Desk,
    families: Sequence[Family],
    part_of: tuple[Sequence[Row], Results],
) -> None:
    """Write all households together; when the database refuses, each in a savepoint of its own."""
    rows, results = part_of
    opened = sum(1 for each in families if each[0][0].code and _house(desk, each) is None)
    desk.codes = iter(next_codes(batch.commune_id, opened))
    planned = (_planned(desk, family) for family in families)
    works: list[Work] = []
    try:
        with transaction.atomic(), without_waiting():
            _write_together(batch, planned, works)
            results.written = [row for work in works for row in work.rows]
            _keep(batch, rows, results)
    except IntegrityError:
        results.written = []
        works += planned
        for work in works:
            _write_alone(batch, work, results)
        _keep(batch, rows, results)


def _write_together(batch: ImportBatch, planned: Iterator[Work], works: list[Work]) -> None:
    """Write new households while the next are planned; those that change something at the end.

    What changes goes all in one: whoever leaves a household must have left before another comes.
    """
    fresh, rest = Work(), Work()
    for work in planned:
        works.append(work)
        (fresh if work.only_adds else rest).add(work)
        if len(fresh.rows) >= AT_ONCE:
            _write(batch, fresh)
            fresh = Work()
    _write(batch, fresh)
    _write(batch, rest)


def _write_alone(batch: ImportBatch, work: Work, results: Results) -> None:
    try:
        with transaction.atomic():
            _write(batch, work)
    except IntegrityError as error:
        named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        results.set([row for row, _before in work.rows], Outcome.REFUSED, named[:40])
    else:
        results.written += work.rows


def _write(batch: ImportBatch, work: Work) -> None:
    """Close first, then open: the database looks at each statement."""
    now = clock.now()
    here: dict[str, object] = {"commune_id": batch.commune_id}
    made, told = here | {"created_at": now}, {"source": batch.source}
    insert(Person, work.people, made | {"updated_at": now})
    save_people(work.changed)
    insert(PersonIdentifier, work.numbers, made | told | {"verified_at": batch.as_of})
    insert(PersonContact, work.contacts, made | told | {"kind": "phone"})
    insert(PersonName, work.names, here, or_skip=True)
    insert(Dwelling, work.dwellings, here)
    _open(batch, work.homes, made | {"updated_at": now})
    Household.objects.bulk_update(work.moved, ["village", "dwelling"])
    with connection.cursor() as cursor:
        if work.cut:
            keys, periods = zip(*work.cut, strict=True)
            cursor.execute(
                _CUT, [list(keys), [p.lower for p in periods], [p.upper for p in periods]]
            )
    _drop(work)
    for key, role, kind in sorted(work.recast, key=lambda each: each[1] == "head"):
        Membership.objects.filter(pk=key).update(role=role, residence_kind=kind)
    insert(Membership, work.joined, made | told | {"evidence": batch.file_name[:200]})
    codes = [NewCode(*each) for each in work.codes]
    insert(SenderHousehold, codes, here | {"sender_key": batch.sender_key}, or_skip=True)
    _cases(batch, work)
    tell(batch, work.evidence)
    settle_many(work.settle, also={person.pk for person in work.changed})


def _open(batch: ImportBatch, homes: Sequence[Home], same: dict[str, object]) -> None:
    """Open households with the state that follows from their members, who are all known here."""
    today = dates.local(clock.now()).date()
    rows = []
    for home in homes:
        headless, state = standing(None, home.members, today)
        rows.append(
            NewHousehold(
                home.key, home.code, home.dwelling, home.village, home.opened, state, headless
            )
        )
    insert(Household, rows, same)
    ask_for_heads(
        batch.commune_id,
        [(row.id, row.village_id) for row in rows if row.state == HouseholdState.WITHOUT_HEAD],
    )


def _drop(work: Work) -> None:
    """Delete memberships that never were, keeping what they said for undoing."""
    if not work.dropped:
        return
    rows = {str(m.pk): m for m in Membership.objects.filter(pk__in=work.dropped)}
    for _row, before in work.rows:
        kept = before.get("dropped", [])  # images already when a first try was refused
        before["dropped"] = [image(rows[k]) if isinstance(k, str) else k for k in kept]
    Membership.objects.filter(pk__in=work.dropped).delete()


def image(membership: Membership) -> dict[str, Any]:
    """Return a membership as JSON, for undoing."""
    period = membership.period
    return {
        "id": str(membership.pk),
        "person_id": str(membership.person_id),
        "household_id": str(membership.household_id),
        "role": membership.role,
        "residence_kind": membership.residence_kind,
        "first": period.lower.isoformat(),
        "end": period.upper.isoformat() if period.upper else None,
        "evidence": membership.evidence,
        "source": membership.source,
        "created_at": membership.created_at.isoformat(),
    }


def _cases(batch: ImportBatch, work: Work) -> None:
    """Remember for whom an official said "another person", so that nobody asks again."""
    said_new = [each for each in work.rows if each[0].decision == Decision.NEW]
    if not said_new:
        return
    now, sure = clock.now(), rulebook.points(batch.commune_id)["sure"]
    cases = []
    for row, before in said_new:
        for other, score in row.candidates:
            first, second = sorted((UUID(before["person"]), UUID(other)))
            is_open = score >= sure  # the same number: somebody has to look again
            cases.append(
                DuplicateCase(
                    commune_id=batch.commune_id, first_id=first, second_id=second, score=score,
                    reasons=[["list", score]], found_at=now,
                    state=CaseState.OPEN if is_open else CaseState.DISTINCT,
                    decided_at=None if is_open else now,
                    decided_by="" if is_open else batch.approved_by,
                )
            )  # fmt: skip
            before.setdefault("cases", []).append(str(cases[-1].pk))
    DuplicateCase.objects.bulk_create(cases)


def _keep(batch: ImportBatch, rows: Sequence[Row], results: Results) -> None:
    """Keep what became of each row, and for undoing what was before."""
    results.set([row for row, _before in results.written], Outcome.WRITTEN)
    images = {row.key: before for row, before in results.written}
    versions = _versions(before for before in images.values() if not before["made"])
    columns: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        outcome, reason = results.said.get(row.key, (Outcome.HELD, "not_chosen"))
        before = images.get(row.key)
        person = before["person"] if before else None
        columns["id"].append(row.key)
        columns["outcome"].append(str(outcome))
        columns["reason"].append(reason)
        columns["person"].append(person)
        columns["version"].append(versions.get(person, 0) if person else None)
        columns["household"].append(before.get("house_made") if before else None)
        columns["before"].append(boxes.seal(json.dumps(before), context=BEFORE) if before else b"")
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOME, list(map(packed, columns.values())))


def _versions(changed: Iterable[Before]) -> dict[str, int]:
    keys = [before["person"] for before in changed]
    if not keys:
        return {}
    rows = Person.objects.filter(pk__in=keys).values_list("pk", "version")
    return {str(key): version for key, version in rows}


def _finish(batch: ImportBatch) -> None:
    rows = ImportRow.objects.filter(batch=batch)
    counts = Counter(dict(rows.values_list("outcome").annotate(Count("pk"))))
    batch.outcomes = {name: counts.get(name, 0) for name in Outcome.values if name}
    batch.done, batch.applied_at = batch.total, clock.now()
    move(batch, BatchState.APPLIED)
    save(batch)
    ImportFile.objects.filter(batch=batch).delete()
    look_again(batch.commune_id, 0)
    _log(batch, "population.list_written", batch.outcomes.get(Outcome.WRITTEN, 0))


def _log(batch: ImportBatch, what: str, rows: int) -> None:
    by = Actor("official", batch.approved_by, "job")
    audit.record(
        what, batch, by=by, commune=batch.commune_id, changes={"rows": rows, "done": batch.done}
    )
