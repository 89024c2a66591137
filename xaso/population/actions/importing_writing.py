"""Write what was taken of a list into the register: 1,000 rows at a time, households whole."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.sealing import boxes
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions import importing, importing_planning
from xaso.population.actions.bulk import insert, packed, save_people
from xaso.population.actions.importing import go_on, locked_batch, move, save
from xaso.population.actions.importing_comparing import part
from xaso.population.actions.importing_known import Decided, load_decided, stated
from xaso.population.actions.importing_planning import Before, Desk, Work
from xaso.population.actions.saying import digest
from xaso.population.actions.settling import next_codes, settle_many
from xaso.population.lists.comparing import Stated
from xaso.population.models import (
    BatchState,
    CaseState,
    Decision,
    DuplicateCase,
    Household,
    ImportBatch,
    ImportFile,
    ImportRow,
    Membership,
    Outcome,
    Person,
    RowKind,
    SenderHousehold,
    Status,
)

PART = 1_000  # rows
BEFORE = "population_importrow.before"
_EVIDENCE = """
    INSERT INTO population_fieldevidence (commune_id, subject_kind, subject, field, value_digest,
        source, source_ref, verified_at, verified_by, stated_on, at)
    SELECT %s, e.kind, e.subject, e.field, e.digest, %s, %s, %s, %s, %s, %s
    FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::text[]) AS e (kind, subject, field, digest)
"""
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
    written: list[tuple[ImportRow, Before]] = field(default_factory=list)

    def set(self, rows: Iterable[ImportRow], outcome: str, reason: str = "") -> None:
        """Say the same of several rows."""
        for row in rows:
            self.said[row.pk] = (outcome, reason)


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
    works = _works(batch, rows, results)
    done = _all_or_each(batch, works, results)
    _keep(batch, rows, results)
    batch.done += len(rows)
    batch.facts = batch.facts | {"at": rows[-1].unit}
    save(batch)
    _log(batch, "population.list_part_written", done)
    go_on(importing.WRITE, batch)


def _works(batch: ImportBatch, rows: Sequence[ImportRow], results: Results) -> list[Work]:
    """Plan each household that is decided as a whole; say of the others why they wait."""
    chosen: list[list[tuple[ImportRow, Stated]]] = []
    for _unit, group in groupby(rows, key=lambda row: row.unit):
        taken = _chosen(list(group), results)
        if taken:
            chosen.append([(row, stated(json.loads(row.said))) for row in taken])
    if not chosen:
        return []
    desk = _desk(batch, [pair for family in chosen for pair in family])
    works = []
    for family in chosen:
        ready = [pair for pair in family if not _refused(desk, *pair, results)]
        if len(ready) < len(family):
            results.set(
                [row for row, _said in ready], Outcome.HELD, "household_waits"
            )  # whole or not at all
        else:
            works.append(_planned(desk, family))
    return works


def _chosen(unit: list[ImportRow], results: Results) -> list[ImportRow]:
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


def _desk(batch: ImportBatch, rows: list[tuple[ImportRow, Stated]]) -> Desk:
    people = {row.person_id for row, _said in rows if row.person_id}
    houses = {row.household_id for row, _said in rows if row.household_id}
    register = load_decided(
        batch, [said for _row, said in rows], {row.code for row, _said in rows},
        Decided(people, houses),
    )  # fmt: skip
    locked = Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk")
    homes = Household.objects.filter(pk__in=list(register.houses)).select_related("dwelling")
    return Desk(batch, register, {p.pk: p for p in locked}, {h.pk: h for h in homes}, clock.now())


def _refused(desk: Desk, row: ImportRow, said: Stated, results: Results) -> bool:
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


def _moved_on(row: ImportRow, person: Person) -> bool:
    return row.person_version is not None and person.version != row.person_version


def _planned(desk: Desk, family: list[tuple[ImportRow, Stated]]) -> Work:
    row = family[0][0]
    house = desk.register.house(row.code) if row.code else None
    if house is None and row.household_id:
        house = desk.register.houses.get(row.household_id)
    work = importing_planning.plan(desk, row.code, house, family)
    if house is not None and row.code not in ("", house.code):
        work.codes.append((row.code, house.key))
    return work


def _all_or_each(batch: ImportBatch, works: list[Work], results: Results) -> int:
    """Write all households together; when the database refuses, each in a savepoint of its own."""
    together = Work()
    for work in works:
        together.add(work)
    _give_codes(batch, together)
    try:
        with transaction.atomic():
            _write(batch, together)
        results.written += together.rows
    except IntegrityError:
        for work in works:
            _write_alone(batch, work, results)
    _settle(results)
    return len(results.written)


def _write_alone(batch: ImportBatch, work: Work, results: Results) -> None:
    try:
        with transaction.atomic():
            _write(batch, work)
    except IntegrityError as error:
        named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        results.set([row for row, _before in work.rows], Outcome.REFUSED, named[:40])
    else:
        results.written += work.rows


def _give_codes(batch: ImportBatch, work: Work) -> None:
    codes = next_codes(batch.commune_id, len(work.households))
    for household, code in zip(work.households, codes, strict=True):
        household.code = code


def _write(batch: ImportBatch, work: Work) -> None:
    """Close first, then open: the database looks at each statement."""
    placed = _place(work)
    insert(work.people)
    save_people(work.changed)
    insert(work.numbers)
    insert(work.contacts)
    insert(work.names, or_skip=True)
    insert(work.dwellings)
    insert(work.households)
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
    insert(work.joined)
    insert(
        [
            SenderHousehold(
                commune_id=batch.commune_id,
                sender_key=batch.sender_key,
                code=code,
                household_id=key,
            )
            for code, key in work.codes
        ],
        or_skip=True,
    )
    _cases(batch, work)
    tell(batch, work.evidence)
    people = {person.pk for person in (*work.people, *work.changed)}
    settle_many(work.settle, also=people - placed, placed=placed)


def _place(work: Work) -> set[UUID]:
    """Say where new people of new households and of none live; return whom that places."""
    homes = {home.pk: home for home in work.households}
    joined: dict[UUID, list[Membership]] = defaultdict(list)
    for membership in work.joined:
        joined[membership.person_id].append(membership)
    placed = set()
    for person in work.people:
        own = joined[person.pk]
        if any(each.household_id not in homes for each in own):
            continue
        for each in own:  # one at most, a row speaks of one household; its days are never to come
            person.village_id = homes[each.household_id].village_id
        placed.add(person.pk)
    return placed


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


def tell(batch: ImportBatch, given: Sequence[tuple[str, UUID, str, object]]) -> None:
    """Keep where each value came from, in one statement."""
    if not given:
        return
    by = batch.approved_by if batch.source not in ("self_declared", "digital_team") else ""
    day = batch.as_of if by else None
    ref = f"{batch.sender}, {batch.file_name}"[:120]
    columns: tuple[list[Any], ...] = (
        [kind for kind, _key, _field, _value in given],
        [key for _kind, key, _field, _value in given],
        [name for _kind, _key, name, _value in given],
        [digest(name, value) for _kind, _key, name, value in given],
    )
    head: list[Any] = [batch.commune_id, batch.source, ref, day, by, batch.as_of, clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, [*head, *map(packed, columns)])


def _cases(batch: ImportBatch, work: Work) -> None:
    """Remember for whom an official said "another person", so that nobody asks again."""
    now, sure = clock.now(), rulebook.points(batch.commune_id)["sure"]
    cases = []
    for row, before in work.rows:
        if row.decision != Decision.NEW:
            continue
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


def _settle(results: Results) -> None:
    results.set([row for row, _before in results.written], Outcome.WRITTEN)


def _keep(batch: ImportBatch, rows: Sequence[ImportRow], results: Results) -> None:
    """Keep what became of each row, and for undoing what was before."""
    images = {row.pk: before for row, before in results.written}
    versions = _versions(images.values())
    columns: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        outcome, reason = results.said.get(row.pk, (Outcome.HELD, "not_chosen"))
        before = images.get(row.pk)
        person = before["person"] if before else None
        columns["id"].append(row.pk)
        columns["outcome"].append(str(outcome))
        columns["reason"].append(reason)
        columns["person"].append(person)
        columns["version"].append(versions.get(person) if person else None)
        columns["household"].append(before.get("house_made") if before else None)
        columns["before"].append(boxes.seal(json.dumps(before), context=BEFORE) if before else b"")
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOME, list(map(packed, columns.values())))


def _versions(images: Iterable[Before]) -> dict[str, int]:
    keys = [before["person"] for before in images]
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
    _log(batch, "population.list_written", batch.outcomes.get(Outcome.WRITTEN, 0))


def _log(batch: ImportBatch, what: str, rows: int) -> None:
    by = Actor("official", batch.approved_by, "job")
    audit.record(
        what, batch, by=by, commune=batch.commune_id, changes={"rows": rows, "done": batch.done}
    )
