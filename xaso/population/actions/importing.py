"""A list's way into the register: taken in, mapped, decided, approved, undone.

Reading, comparing, writing and undoing run as jobs, a part at a time, each part one transaction.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.jobs import queries as jobs_known
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.sealing import boxes
from xaso.kernel.text import clean_line, dates, fold_tight
from xaso.kernel.working_time import clock
from xaso.population.lists import heading, reading
from xaso.population.lists.verdicts import MOST_BYTES, No
from xaso.population.lists.wording import FAILURES
from xaso.population.models import (
    NEXT,
    BatchState,
    Decision,
    ImportBatch,
    ImportFile,
    ImportRow,
    ImportTemplate,
    Outcome,
)

UNDO_DAYS = 30
BODY = "population_importfile.body"
READ, COMPARE, WRITE, UNDO = (
    f"population.{step}_list" for step in ("read", "compare", "write", "undo")
)
STEPS: dict[str, str] = {
    BatchState.UPLOADED: READ,
    BatchState.MAPPED: COMPARE,
    BatchState.APPROVED: WRITE,
    BatchState.UNDOING: UNDO,
}
WORKS = frozenset(STEPS)
WANTED = (Decision.TAKE, Decision.NEW, Decision.KEEP)


class WrongFile(Invalid):
    """A file that is no list."""

    sentence = _("Chỉ nhận tệp .xlsx hoặc .csv.")


class NotNow(Refusal):
    """The list stands somewhere else by now."""

    sentence = _("Danh sách đã sang bước khác. Bác mở lại trang.")


class AlreadyImported(Refusal):
    """The same file, read the same way, is in the register already."""

    sentence = _("Tệp này đã nhập ngày %(day)s với cùng cách chọn cột. Không cần nhập lại.")


class NoName(Invalid):
    """Without a column of names there is no list of people."""

    sentence = _("Bác chọn cột nào là Họ và tên, và ít nhất một cột nữa.")


class TooLate(Refusal):
    """Undoing ends after thirty days."""

    sentence = _("Đã quá 30 ngày nên không hoàn tác được nữa.")


class NothingChosen(Refusal):
    """Nothing was decided to be taken."""

    sentence = _("Chưa chọn nhận dòng nào. Bác chọn rồi duyệt.")


@dataclass(frozen=True)
class NewList:
    """A list as it is sent: its file, the office, the day it speaks of; `id` is the client's."""

    name: str
    body: bytes
    sender: str
    source: str
    as_of: date
    id: UUID | None = None


@dataclass(frozen=True)
class Plan:
    """How a list is read: column → field, and what holds for the whole list."""

    mapping: Mapping[int, str]
    fills_household: bool = False  # an empty household cell means the household above
    has_titles: bool = True


@transaction.atomic
def take_list(new: NewList, *, commune: Commune, by: Actor) -> ImportBatch:
    """Keep a list sealed and have it read. The second time with the same `id` gives the first.

    Refuses with WrongFile (its kind, its size, an empty file) and Invalid (no sender, a day to
    come).
    """
    known = ImportBatch.objects.filter(commune=commune, pk=new.id).first() if new.id else None
    if known is not None:
        return known
    _refuse(new)
    now = clock.now()
    batch = ImportBatch.objects.create(
        id=new.id or uuid4(),
        commune=commune,
        file_name=clean_line(new.name)[-200:],
        sha256=hashlib.sha256(new.body).hexdigest(),
        sender=clean_line(new.sender)[:80],
        sender_key=fold_tight(new.sender)[:80],
        source=new.source,
        as_of=new.as_of,
        created_by=by.id[:64],
        created_at=now,
        started_at=now,
    )
    ImportFile.objects.create(
        batch=batch, commune=commune, body=boxes.seal(new.body.decode("latin-1"), context=BODY)
    )
    audit.record(
        "population.list_taken", batch, by=by, commune=commune.id,
        changes={"sha256": batch.sha256, "bytes": len(new.body)},
    )  # fmt: skip
    _put_off(READ, batch)
    return batch


@transaction.atomic
def read_otherwise(
    batch: ImportBatch, *, sheet: int | None = None, encoding: str = "", by: Actor
) -> ImportBatch:
    """Have another sheet read, or the same text in another writing. Refuses with NotNow."""
    row = locked_batch(batch)
    move(row, BatchState.UPLOADED)
    row.failure = ""
    row.sheet = row.sheet if sheet is None else sheet
    row.encoding = encoding or row.encoding
    save(row)
    audit.record("population.list_read_again", row, by=by, commune=row.commune_id)
    _put_off(READ, row)
    return row


@transaction.atomic
def map_columns(batch: ImportBatch, plan: Plan, *, by: Actor) -> ImportBatch:
    """Say what each column means, remember it for the sender, and have the list compared.

    Refuses with NoName, NotNow, and AlreadyImported when the same file was written into the
    register with the same reading.
    """
    row = locked_batch(batch)
    mapping = {str(c): f for c, f in sorted(plan.mapping.items()) if f in heading.FIELDS}
    if "name" not in mapping.values() or len(mapping) < 2:
        raise NoName(errors={"": [str(NoName.sentence)]})
    options = {"fills_household": plan.fills_household, "has_titles": plan.has_titles}
    read_as = json.dumps([row.sheet, row.encoding, mapping, options], sort_keys=True)
    row.mapping_sha256 = hashlib.sha256(read_as.encode()).hexdigest()
    _refuse_again(row)
    move(row, BatchState.MAPPED)
    row.mapping, row.options = mapping, options
    row.counts, row.skipped, row.missing = {}, {}, 0
    row.facts = row.facts | {"step": "clean", "at": 0, "above": "", "compared": 0}
    row.done, row.started_at = 0, clock.now()
    save(row)
    ImportRow.objects.filter(batch=row).delete()
    _remember(row)
    audit.record(
        "population.list_mapped", row, by=by, commune=row.commune_id,
        changes={"columns": sorted(mapping.values()), "mapping": row.mapping_sha256},
    )  # fmt: skip
    _put_off(COMPARE, row)
    return row


@transaction.atomic
def compare_again(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Compare a list anew with the register as it is now; decisions are made again."""
    plan = Plan({int(c): f for c, f in batch.mapping.items()}, **batch.options)
    return map_columns(batch, plan, by=by)


@transaction.atomic
def approve(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Have what was taken written into the register. Refuses with NotNow, NothingChosen."""
    row = locked_batch(batch)
    move(row, BatchState.APPROVED)
    taken = ImportRow.objects.filter(batch=row, decision__in=WANTED)
    if not taken.exists():
        raise NothingChosen
    row.approved_by, row.approved_at = by.id[:64], clock.now()
    row.done, row.started_at = 0, clock.now()
    row.total = ImportRow.objects.filter(batch=row).count()
    row.outcomes = {}
    row.facts = row.facts | {"at": 0}
    save(row)
    audit.record(
        "population.list_approved", row, by=by, commune=row.commune_id,
        changes={"rows": taken.count()},
    )  # fmt: skip
    _put_off(WRITE, row)
    return row


@transaction.atomic
def undo_list(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Take a list back out, newest row first; rows changed since stay and say why.

    Refuses with NotNow, TooLate (30 days).
    """
    row = locked_batch(batch)
    move(row, BatchState.UNDOING)
    if not may_undo(row):
        raise TooLate
    row.undone_by, row.done, row.started_at = by.id[:64], 0, clock.now()
    row.total = ImportRow.objects.filter(batch=row, outcome=Outcome.WRITTEN).count()
    save(row)
    audit.record("population.list_undone", row, by=by, commune=row.commune_id)
    _put_off(UNDO, row)
    return row


def may_undo(batch: ImportBatch) -> bool:
    """Return whether a list can still be taken back."""
    return (
        batch.applied_at is not None
        and batch.forgotten_at is None
        and clock.now() <= batch.applied_at + timedelta(days=UNDO_DAYS)
    )


def move(batch: ImportBatch, state: str) -> None:
    """Let a list stand in another state. Refuses with NotNow."""
    if state not in NEXT[batch.state]:
        raise NotNow
    batch.state = state


def save(batch: ImportBatch) -> None:
    """Keep a list's row and count the change."""
    batch.version += 1
    batch.save()


def locked_batch(batch: ImportBatch | UUID) -> ImportBatch:
    """Return the row, locked. Refuses with NotFound."""
    key = batch.pk if isinstance(batch, ImportBatch) else batch
    row = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


def fail(batch: ImportBatch, code: str) -> None:
    """Say why a list cannot go on."""
    move(batch, BatchState.FAILED)
    batch.failure = code
    save(batch)


def stopped(batch: ImportBatch) -> jobs_known.Dead | None:
    """Return the step a list stands at, when the worker gave it up after its last try.

    A job of an earlier step may be dead too; the list went on without it.
    """
    if batch.state not in STEPS:
        return None
    found = jobs_known.dead(commune=batch.commune_id, about={"batch": str(batch.pk)})
    return next((job for job in found if job.task == STEPS[batch.state]), None)


@transaction.atomic
def try_again(batch: ImportBatch, *, by: Actor) -> None:
    """Let a step that was given up run again, from the part it failed in.

    Refuses with NotGivenUp and AlreadyWaiting.
    """
    dead = stopped(batch)
    if dead is None:
        raise jobs.NotGivenUp
    jobs.retry(dead.id, by=by, commune=batch.commune_id)
    audit.record(
        "population.list_tried_again", batch, by=by, commune=batch.commune_id,
        changes={"task": dead.task, "done": batch.done},
    )  # fmt: skip


def go_on(task: str, batch: ImportBatch) -> None:
    """Put off the next part of a step."""
    _put_off(task, batch)


def _put_off(task: str, batch: ImportBatch) -> None:
    jobs.later(task, commune=batch.commune_id, key=str(batch.pk), args={"batch": str(batch.pk)})


def _refuse(new: NewList) -> None:
    if code := _unreadable(new):
        raise WrongFile(FAILURES[code], errors={"file": [str(FAILURES[code])]})
    errors = {}
    if not fold_tight(new.sender):
        errors["sender"] = [str(_("Bác ghi cơ quan gửi danh sách."))]
    if new.as_of > dates.local(clock.now()).date():
        errors["as_of"] = [str(_("Ngày này chưa tới."))]
    if errors:
        raise Invalid(errors=errors)


def _unreadable(new: NewList) -> str:
    """Return why a file is not even kept: its kind, its size, nothing in it."""
    try:
        reading.kind(new.name)
    except No as no:
        return no.code
    if len(new.body) > MOST_BYTES:
        return "too_large"
    return "" if new.body.strip(b"\0\r\n\t ,;") else "no_rows"


def _refuse_again(batch: ImportBatch) -> None:
    earlier = ImportBatch.objects.filter(
        commune=batch.commune_id,
        sha256=batch.sha256,
        mapping_sha256=batch.mapping_sha256,
        state__in=[BatchState.APPROVED, BatchState.APPLIED, BatchState.UNDOING],
    ).exclude(pk=batch.pk)
    found = earlier.order_by("-created_at").first()
    if found is not None:
        when = found.applied_at or found.created_at
        raise AlreadyImported(day=f"{dates.local(when):%d/%m/%Y}")


def _remember(batch: ImportBatch) -> None:
    """Keep how the sender's columns are read, for the next list."""
    heads = {fold_tight(text): "" for text in batch.heads if fold_tight(text)}
    for column, field in batch.mapping.items():
        text = batch.heads[int(column)] if int(column) < len(batch.heads) else ""
        if fold_tight(text):
            heads[fold_tight(text)] = field
    ImportTemplate.objects.update_or_create(
        commune_id=batch.commune_id,
        sender_key=batch.sender_key,
        defaults={"mapping": heads, "options": batch.options},
    )
