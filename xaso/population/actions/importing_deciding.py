"""What an official says about the rows of a list, one by one or a kind together."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, NotFound
from xaso.population.actions.importing import NotNow, locked_batch
from xaso.population.models import BatchState, Decision, ImportBatch, ImportRow, RowKind

_TOGETHER: dict[str, set[Decision]] = {
    RowKind.NEW: {Decision.TAKE, Decision.SKIP, Decision.OPEN},
    RowKind.CHANGED: {Decision.TAKE, Decision.SKIP, Decision.OPEN},
    RowKind.CONFLICT: {Decision.KEEP, Decision.SKIP, Decision.OPEN},
}
DECIDED = (RowKind.NEW, RowKind.CHANGED, RowKind.CONFLICT, RowKind.CANDIDATE, RowKind.DUPLICATE)


class NoSuchChoice(Invalid):
    """A row has no such decision."""

    sentence = _("Dòng này không chọn như vậy được.")


@transaction.atomic
def decide(row: ImportRow, decision: str, *, person: UUID | None = None, by: Actor) -> ImportRow:
    """Say what becomes of one row; `person` is whom a candidate row is, when it is taken.

    Refuses with NotNow, NoSuchChoice (a candidate is taken as somebody of its list, an error is
    skipped or left).
    """
    batch = locked_batch(row.batch)
    if batch.state != BatchState.COMPARED:
        raise NotNow
    found = ImportRow.objects.select_for_update().filter(pk=row.pk, batch=batch).first()
    if found is None:
        raise NotFound
    if decision not in _choices(found):
        raise NoSuchChoice
    if found.kind == RowKind.CANDIDATE:
        offered = {key for key, _score in found.candidates}
        if decision == Decision.TAKE and str(person) not in offered:
            raise NoSuchChoice
        found.person_id = person if decision == Decision.TAKE else None
    found.decision = decision
    found.save(update_fields=["decision", "person"])
    audit.record(
        "population.list_row_decided", batch, by=by, commune=batch.commune_id,
        changes={"row": found.number, "decision": decision or "open"},
    )  # fmt: skip
    return found


@transaction.atomic
def decide_kind(batch: ImportBatch, kind: str, decision: str, *, by: Actor) -> int:
    """Decide all rows of a kind that are open; return how many. Only what asks nobody twice.

    New and changed rows are taken or skipped together; of conflicts what the register holds may be
    kept together; whatever else is skipped together or decided one by one.

    Refuses with NotNow, NoSuchChoice.
    """
    row = locked_batch(batch)
    if row.state != BatchState.COMPARED:
        raise NotNow
    if decision not in _TOGETHER.get(kind, {Decision.SKIP, Decision.OPEN}):
        raise NoSuchChoice
    rows = ImportRow.objects.filter(batch=row, kind=kind)
    if decision != Decision.OPEN:
        rows = rows.filter(decision=Decision.OPEN)
    count = rows.update(decision=decision)
    audit.record(
        "population.list_kind_decided", row, by=by, commune=row.commune_id,
        changes={"kind": kind, "decision": decision or "open", "rows": count},
    )  # fmt: skip
    return count


def _choices(row: ImportRow) -> set[str]:
    choices = {str(Decision.OPEN), str(Decision.SKIP)}
    if row.kind in DECIDED:
        choices.add(Decision.TAKE)
    if row.kind == RowKind.CANDIDATE:
        choices.add(Decision.NEW)
    if row.kind == RowKind.CONFLICT:
        choices.add(Decision.KEEP)
    return choices
