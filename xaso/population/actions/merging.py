"""Two records become one, by a human; and apart again, exactly as they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock
from xaso.population import images
from xaso.population.actions.gathering import gather
from xaso.population.actions.households import locked_household, place, settle
from xaso.population.images import Image
from xaso.population.models import (
    CaseState,
    DuplicateCase,
    Household,
    Membership,
    Merge,
    NumberKind,
    Person,
    PersonAlias,
    PersonIdentifier,
    Status,
)
from xaso.population.queries import apart
from xaso.population.refusals import Absorbed, worded

LEAST_REASON = 5


class SamePerson(Refusal):
    """A record is not merged with itself."""

    sentence = _("Đây là cùng một bản ghi.")


class ReasonMissing(Invalid):
    """Merging is explained."""

    sentence = _("Bác ghi vì sao hai bản ghi là một người, ít nhất vài chữ.")


class NeedsAnother(Refusal):
    """A second official confirms the merge of a verified record."""

    sentence = _("Bản ghi này có số định danh đã xác minh: cần một cán bộ khác xác nhận.")


class SetApart(Refusal):
    """A record that is kept and not used is not merged either."""

    sentence = _("Một trong hai hồ sơ đang khóa. Bác mở khóa trước rồi mới gộp.")


class NotTheNewest(Refusal):
    """A chain of merges is undone from its newest."""

    sentence = _("Sau lần gộp này còn lần gộp khác. Bác tách lần gộp mới nhất trước.")


class ChangedSinceMerge(Refusal):
    """Something was changed after the merge: a human looks at all three first."""

    sentence = _("Bản ghi đã sửa sau khi gộp. Bác xem ba cột rồi mới tách lại.")


class AlreadyUndone(Refusal):
    """A merge is undone once."""

    sentence = _("Lần gộp này đã được tách lại rồi.")


@dataclass(frozen=True)
class Merging:
    """Which record stays, which goes into it, what is taken from which, and why.

    `choices` maps a field to `survivor` or `absorbed`; what is not named stays the survivor's.
    """

    survivor: UUID
    absorbed: UUID
    choices: Mapping[str, str]
    reason: str


@transaction.atomic
def merge_persons(merging: Merging, *, by: Actor) -> Merge:
    """Merge two records, or propose it when a second official has to confirm.

    Rows of other rooms keep the old key and are read through `resolve_person`. Refuses with
    SamePerson, ReasonMissing, Absorbed, SetApart.
    """
    if merging.survivor == merging.absorbed:
        raise SamePerson
    reason = clean_line(merging.reason)[:300]
    if len(reason) < LEAST_REASON:
        raise ReasonMissing(errors={"reason": [str(ReasonMissing.sentence)]})
    survivor, absorbed = _both(merging.survivor, merging.absorbed)
    merge = Merge.objects.create(
        commune_id=survivor.commune_id,
        survivor=survivor,
        absorbed=absorbed,
        choices=dict(merging.choices),
        reason=reason,
        asked_by=by.id[:64],
        asked_at=clock.now(),
    )
    audit.record(
        "population.merge_asked", merge, by=by, commune=merge.commune_id,
        changes={"survivor": str(survivor.pk), "absorbed": str(absorbed.pk)},
    )  # fmt: skip
    return merge if needs_another(absorbed) else _do(merge, survivor, absorbed, by)


@transaction.atomic
def confirm_merge(merge: Merge, *, by: Actor) -> Merge:
    """Confirm a proposed merge. Refuses with NeedsAnother for the one who proposed it."""
    row = _locked(merge)
    if row.done_at is not None:
        return row
    if row.asked_by == by.id[:64]:
        raise NeedsAnother
    survivor, absorbed = _both(row.survivor_id, row.absorbed_id)
    row.confirmed_by = by.id[:64]
    return _do(row, survivor, absorbed, by)


@transaction.atomic
def undo_merge(merge: Merge, *, by: Actor, is_looked_at: bool = False) -> Merge:
    """Take a merge apart: rows that nobody touched since are exactly what they were.

    What was changed after the merge stays as it is now, once somebody looked at all three
    (`is_looked_at`). Refuses with AlreadyUndone, NotTheNewest, ChangedSinceMerge.
    """
    row = _locked(merge)
    if row.undone_at is not None or row.done_at is None:
        raise AlreadyUndone
    if _later(row):
        raise NotTheNewest
    keys = [row.survivor_id, row.absorbed_id]
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    now = images.of(keys)
    if now != row.after and not is_looked_at:
        raise ChangedSinceMerge
    touched = _homes(keys)
    with worded():
        _restore(row.before, row.after, now)
    PersonAlias.objects.filter(merge=row).delete()
    row.undone_at, row.undone_by = clock.now(), by.id[:64]
    row.save(update_fields=["undone_at", "undone_by"])
    _mark(row, CaseState.UNDONE, by)
    _settle(touched | _homes(keys))
    audit.record("population.merge_undone", row, by=by, commune=row.commune_id)
    return row


def needs_another(absorbed: Person) -> bool:
    """Return whether a second official has to confirm: the record has a verified number."""
    return PersonIdentifier.objects.filter(
        person=absorbed, kind=NumberKind.NATIONAL, verified_at__isnull=False
    ).exists()


def _do(merge: Merge, survivor: Person, absorbed: Person, by: Actor) -> Merge:
    keys = [survivor.pk, absorbed.pk]
    touched = _homes(keys)
    merge.before = images.of(keys)
    gather(survivor, absorbed, merge.choices)
    today = dates.local(clock.now()).date()
    PersonAlias.objects.create(
        commune_id=merge.commune_id, old=absorbed, survivor=survivor, merge=merge,
        period=DateRange(today, None),
    )  # fmt: skip
    place(survivor.pk)
    _settle(touched | _homes(keys))
    merge.after = images.of(keys)
    merge.done_at = clock.now()
    newest = Merge.objects.filter(commune=merge.commune_id).aggregate(n=Max("sequence"))["n"]
    merge.sequence = (newest or 0) + 1
    merge.save()
    _mark(merge, CaseState.MERGED, by)
    audit.record(
        "population.merged", merge, by=by, commune=merge.commune_id,
        changes={"survivor": str(survivor.pk), "absorbed": str(absorbed.pk)},
    )  # fmt: skip
    return merge


def _restore(before: Image, after: Image, now: Image) -> None:
    """Put back what was there before, except what changed since: that stays as it is now."""
    for table in reversed(list(before)):
        model = images.model_of(table)
        if table == "person":
            continue
        gone = [
            key
            for key, row in now[table].items()
            if row == after[table].get(key) and row != before[table].get(key)
        ]
        model.objects.filter(pk__in=gone).delete()
    for table, rows in before.items():
        model = images.model_of(table)
        for key, row in rows.items():
            if now[table].get(key) != after[table].get(key) and table != "person":
                continue
            if now[table].get(key) == row:
                continue
            if table == "person":
                kept = _three(row, after[table][key], now[table][key])
                Person.objects.filter(pk=key).update(**images.values(model, kept))
            else:
                model.objects.bulk_create([model(**images.values(model, row))])


def _three(before: images.Row, after: images.Row, now: images.Row) -> images.Row:
    """Return a person's columns: as before, but what was changed since as it is now."""
    changed = {name for name in now if now[name] != after[name]}
    changed -= {"status", "merged_into_id", "village_id"}
    return {name: now[name] if name in changed else before[name] for name in before}


def _both(first: UUID, second: UUID) -> tuple[Person, Person]:
    """Return both rows, locked in the order of their keys."""
    rows = Person.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != 2:
        raise NotFound
    if any(row.status == Status.DUPLICATE for row in found.values()):
        raise Absorbed
    if apart.keys(found[first].commune_id) & set(found):
        raise SetApart
    return found[first], found[second]


def _locked(merge: Merge) -> Merge:
    row = Merge.objects.select_for_update().filter(pk=merge.pk).first()
    if row is None:
        raise NotFound
    return row


def _later(merge: Merge) -> bool:
    keys = [merge.survivor_id, merge.absorbed_id]
    return Merge.objects.filter(
        Q(survivor__in=keys) | Q(absorbed__in=keys),
        undone_at__isnull=True,
        sequence__gt=merge.sequence,
    ).exists()


def _homes(persons: list[UUID]) -> set[UUID]:
    rows = Membership.objects.filter(person__in=persons)
    return set(rows.values_list("household_id", flat=True))


def _settle(households: set[UUID]) -> None:
    for key in sorted(households):
        household: Household = locked_household(key)
        settle(household)


def _mark(merge: Merge, state: CaseState, by: Actor) -> None:
    first, second = sorted((merge.survivor_id, merge.absorbed_id))
    rows = DuplicateCase.objects.filter(first=first, second=second)
    rows.update(state=state, decided_at=clock.now(), decided_by=by.id[:64])
