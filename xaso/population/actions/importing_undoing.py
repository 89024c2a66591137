"""Take a list back out of the register: newest rows first, saying why where a row stays."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.working_time import clock
from xaso.population.actions import importing
from xaso.population.actions.bulk import save_people
from xaso.population.actions.importing import go_on, locked_batch, move, save
from xaso.population.actions.importing_planning import Before
from xaso.population.actions.settling import settle_many
from xaso.population.models import (
    BatchState,
    DuplicateCase,
    Dwelling,
    Household,
    ImportBatch,
    ImportRow,
    Membership,
    Outcome,
    Person,
    PersonContact,
    PersonIdentifier,
    PersonName,
    SenderHousehold,
    VillageTask,
)
from xaso.population.queries import undoing

PART = 500  # rows
_RETELL = """
    INSERT INTO population_fieldevidence (commune_id, subject_kind, subject, field, value_digest,
        source, source_ref, verified_at, verified_by, stated_on, at)
    SELECT DISTINCT ON (e.subject, e.field) e.commune_id, e.subject_kind, e.subject, e.field,
        e.value_digest, e.source, e.source_ref, e.verified_at, e.verified_by, e.stated_on, %(now)s
    FROM population_fieldevidence e
    JOIN unnest(%(subjects)s::uuid[], %(fields)s::text[]) AS t (subject, field)
      ON t.subject = e.subject AND t.field = e.field
    WHERE e.commune_id = %(commune)s AND e.at < %(since)s
    ORDER BY e.subject, e.field, e.id DESC
"""


@dataclass
class Back:
    """One row to take back, with what was before."""

    row: ImportRow
    before: Before
    reason: str = ""

    @property
    def person(self) -> UUID:
        """Return whose row it is."""
        return UUID(self.before["person"])


@dataclass
class Part:
    """Rows taken back together."""

    batch: ImportBatch
    backs: list[Back]
    settle: set[UUID] = field(default_factory=set)

    def all(self, name: str) -> list[Any]:
        """Return the keys that the rows made under a name."""
        return [key for back in self.backs for key in back.before.get(name, ())]


@transaction.atomic
def undo_part(key: UUID) -> None:
    """Take the next part of a list back."""
    batch = locked_batch(key)
    if batch.state != BatchState.UNDOING:
        return
    rows = ImportRow.objects.filter(batch=batch, outcome=Outcome.WRITTEN)
    newest = list(rows.order_by("-unit", "-number")[:PART])
    if not newest:
        _finish(batch)
        return
    backs = [Back(row, json.loads(row.before)) for row in newest]
    _look(backs)
    _all_or_each(batch, [back for back in backs if not back.reason])
    _keep(backs)
    batch.done += len(backs)
    save(batch)
    done = sum(not back.reason for back in backs)
    _log(batch, "population.list_part_undone", done)
    go_on(importing.UNDO, batch)


def _look(backs: Sequence[Back]) -> None:
    """Find rows that cannot be taken back: changed afterwards, or in use."""
    people = {
        p.pk: p
        for p in Person.objects.select_for_update(of=("self",)).filter(
            pk__in=[back.person for back in backs]
        )
    }
    made = [back.person for back in backs if back.before["made"]]
    used = undoing.used(made)
    for back in backs:
        person = people.get(back.person)
        if person is None or person.version != back.row.person_version:
            back.reason = undoing.CHANGED
        elif back.person in used:
            back.reason = undoing.USED


def _all_or_each(batch: ImportBatch, backs: list[Back]) -> None:
    try:
        with transaction.atomic():
            _take_back(Part(batch, backs))
    except IntegrityError:
        for back in backs:
            try:
                with transaction.atomic():
                    _take_back(Part(batch, [back]))
            except IntegrityError:
                back.reason = "in_the_way"


def _take_back(part: Part) -> None:
    """Close first, then open, as writing does."""
    _memberships(part)
    _restore(part)
    _remove(part)
    _houses(part)
    _retell(part)
    known = [back.person for back in part.backs if not back.before["made"]]
    left = set(Household.objects.filter(pk__in=part.settle).values_list("pk", flat=True))
    settle_many(left, also=known)
    _check()


def _check() -> None:
    """Let the database say here and now who is still needed: rooms above hold people by key too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _memberships(part: Part) -> None:
    joined = Membership.objects.filter(pk__in=part.all("joined"))
    part.settle |= set(joined.values_list("household_id", flat=True))
    joined.delete()
    for key, upper in part.all("cut"):
        row = Membership.objects.get(pk=key)
        row.period = DateRange(row.period.lower, date.fromisoformat(upper) if upper else None)
        row.save(update_fields=["period"])
        part.settle.add(row.household_id)
    recast = part.all("recast")
    for key, role, kind in sorted(recast, key=lambda each: each[1] == "head"):
        Membership.objects.filter(pk=key).update(role=role, residence_kind=kind)
        part.settle |= set(Membership.objects.filter(pk=key).values_list("household_id", flat=True))
    dropped = [_again(part.batch, image) for image in part.all("dropped")]
    Membership.objects.bulk_create(dropped)
    part.settle |= {row.household_id for row in dropped}


def _again(batch: ImportBatch, image: dict[str, str | None]) -> Membership:
    first, end = str(image["first"]), image["end"]
    return Membership(
        id=UUID(str(image["id"])),
        commune_id=batch.commune_id,
        person_id=UUID(str(image["person_id"])),
        household_id=UUID(str(image["household_id"])),
        role=str(image["role"]),
        residence_kind=str(image["residence_kind"]),
        period=DateRange(date.fromisoformat(first), date.fromisoformat(end) if end else None),
        evidence=str(image["evidence"]),
        source=str(image["source"]),
        created_at=datetime.fromisoformat(str(image["created_at"])),
    )


def _restore(part: Part) -> None:
    """Give people who were there before their old values; the count of changes never goes back."""
    changed = {back.person: back for back in part.backs if not back.before["made"]}
    people = list(Person.objects.filter(pk__in=changed))
    for person in people:
        for name, value in changed[person.pk].before.get("columns", {}).items():
            is_day = name == "birth_date" and value
            setattr(person, name, date.fromisoformat(value) if is_day else value)
        person.version, person.updated_at = person.version + 1, clock.now()
    save_people(people)


def _remove(part: Part) -> None:
    """Take away what the list added, people last."""
    made = [back.person for back in part.backs if back.before["made"]]
    DuplicateCase.objects.filter(pk__in=part.all("cases")).delete()
    PersonIdentifier.objects.filter(pk__in=part.all("numbers")).delete()
    PersonContact.objects.filter(pk__in=part.all("contacts")).delete()
    PersonName.objects.filter(pk__in=part.all("names")).delete()
    ImportRow.objects.filter(person__in=made).update(person=None)
    Person.objects.filter(pk__in=made).delete()


def _houses(part: Part) -> None:
    """Let households live where they lived; take away those the list made, once nobody is left."""
    for back in part.backs:
        if "house" in back.before:
            key, village, dwelling = back.before["house"]
            Household.objects.filter(pk=key).update(village=village, dwelling=dwelling)
            part.settle.add(UUID(key))
            Dwelling.objects.filter(pk=back.before["dwelling_made"]).delete()
    touched = list(part.settle)
    empty = Household.objects.filter(pk__in=touched, memberships__isnull=True)
    made = ImportRow.objects.filter(batch=part.batch, household__in=empty, code__gt="")
    gone = [key for key in set(made.values_list("household_id", flat=True)) if _made(part, key)]
    _remove_houses(gone)
    part.settle -= set(gone)


def _made(part: Part, household: UUID) -> bool:
    """Return whether the list opened a household: one of its rows says so."""
    rows = ImportRow.objects.filter(batch=part.batch, household=household).exclude(before=b"")
    return any(
        json.loads(str(text)).get("house_made") == str(household)
        for text in rows.values_list("before", flat=True)
    )


def _remove_houses(keys: Iterable[UUID]) -> None:
    rows = Household.objects.filter(pk__in=list(keys))
    dwellings = [key for key in rows.values_list("dwelling_id", flat=True) if key]
    VillageTask.objects.filter(household__in=rows).delete()
    SenderHousehold.objects.filter(household__in=rows).delete()
    ImportRow.objects.filter(household__in=rows).update(household=None)
    rows.delete()
    Dwelling.objects.filter(pk__in=dwellings, households__isnull=True).delete()


def _retell(part: Part) -> None:
    """Say again where the restored values came from, so that their source is the newest word."""
    told = [
        (back.person, name)
        for back in part.backs
        if not back.before["made"]
        for name in back.before.get("told", ())
    ]
    if not told or part.batch.approved_at is None:
        return
    subjects, fields = zip(*told, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _RETELL,
            {
                "now": clock.now(),
                "subjects": list(subjects),
                "fields": list(fields),
                "commune": part.batch.commune_id,
                "since": part.batch.approved_at,
            },
        )


def _keep(backs: Sequence[Back]) -> None:
    for reason in {back.reason for back in backs}:
        rows = [back.row.pk for back in backs if back.reason == reason]
        outcome = Outcome.KEPT if reason else Outcome.UNDONE
        ImportRow.objects.filter(pk__in=rows).update(outcome=outcome, reason=reason)


def _finish(batch: ImportBatch) -> None:
    rows = ImportRow.objects.filter(batch=batch)
    counts = Counter(dict(rows.values_list("outcome").annotate(Count("pk"))))
    batch.outcomes = {name: counts.get(name, 0) for name in Outcome.values if name}
    batch.undone_at = clock.now()
    move(batch, BatchState.UNDONE)
    save(batch)
    _log(batch, "population.list_taken_back", batch.outcomes.get(Outcome.UNDONE, 0))


def _log(batch: ImportBatch, what: str, rows: int) -> None:
    by = Actor("official", batch.undone_by, "job")
    audit.record(what, batch, by=by, commune=batch.commune_id, changes={"rows": rows})
