"""Under which rules a report is handled: chosen by a person; three streams are sealed at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_text
from xaso.reports import catalogue, deadlines, readers, rulebook, searching
from xaso.reports.actions import (
    apart,
    boxing,
    counting,
    merging,
    placing,
    reception,
    routing,
    steps,
    telling,
)
from xaso.reports.history import Said
from xaso.reports.models import ClockEntry, Report, Severity, Stream, Visibility

# What the clock of a stream counts; the others follow their category.
CLOCKS = {
    Stream.REGULATION: "regulation.answer",
    Stream.COMPLAINT: "complaint.accept",
    Stream.DENUNCIATION: "denunciation.accept",
    Stream.SECURITY_TIP: "security_tip.take",
}


@dataclass(frozen=True)
class Due:
    """Promise and legal date under a stream's rules."""

    due: datetime
    legal: datetime


@transaction.atomic
def restream(
    report: Report, stream: str, *, by: Actor, reason: str = "", version: int | None = None
) -> Report:
    """Put a report under a stream's rules; naming its own stream confirms it.

    A complaint, denunciation or security tip is sealed in the same transaction. The date is
    computed anew from the receipt; a later one than promised needs the head of the unit, and so
    does taking a report out of the sealed ones.
    """
    if stream not in Stream.values:
        raise Invalid(errors={"stream": [str(_("Bác chọn cách xử lý."))]})
    current = steps.locked(report)
    if stream in readers.SEALED:
        if current.is_sealed:
            return _moved(current, stream, by, version)
        return seal(current, stream, by=by, version=version)
    due = _due(current, stream)
    step = steps.take(current, "restream", by=by, version=version, stream=stream, due_at=due.due)
    if current.is_sealed:
        boxing.unbox(current, by=by)
    current.stream, current.is_stream_chosen = stream, True
    current.severity = Severity.HAZARD if stream == Stream.HAZARD else Severity.NORMAL
    _set_due(step, due)
    _open_up(current)
    said = {"stream": stream, "due_at": current.due_at.isoformat()}
    done = step.finish(Said(internal=clean_text(reason)[:1_000], facts=said), tells=False)
    routing.propose_again(done)
    return done


@transaction.atomic
def seal(report: Report, stream: str, *, by: Actor, version: int | None = None) -> Report:
    """Seal a report under a stream: what it says is readable to few, and each reading is logged.

    Its duplicates are taken out first, so that they do not point at it.
    """
    if stream not in readers.SEALED:
        raise Invalid(errors={"stream": [str(_("Bác chọn cách xử lý."))]})
    current = steps.locked(report)
    step = steps.take(current, "seal", by=by, version=version, stream=stream)
    for child in Report.objects.filter(parent=current).order_by("pk"):
        merging.separate(child, by=SYSTEM)
    counting.forget_place(current)
    current.stream = stream
    apart.keep(current)
    boxing.box(current, by=by)
    current.is_stream_chosen = by.kind == "official"
    current.severity, current.is_held = Severity.NORMAL, False
    _set_due(step, _due(current, stream))
    sealed = step.finish(Said(facts={"sealed": True}), tells=False)
    counting.count_sealed(sealed)
    if stream == Stream.SECURITY_TIP:
        reception.hand_over(sealed)
    else:
        telling.tell_readers(sealed, "sealed")
    return sealed


def _moved(current: Report, stream: str, by: Actor, version: int | None) -> Report:
    """Move a sealed report to another sealed stream; who read it as that one goes on."""
    step = steps.take(current, "restream", by=by, version=version, stream=stream)
    current.stream, current.is_stream_chosen = stream, True
    _set_due(step, _due(current, stream))
    moved = step.finish(Said(facts={"sealed": True}), tells=False)
    if stream == Stream.SECURITY_TIP:
        reception.hand_over(moved)
    return moved


def _due(report: Report, stream: str) -> Due:
    """Return when something is owed under a stream, counted from the receipt."""
    by = deadlines.calendar(report.commune_id)
    key = CLOCKS.get(Stream(stream))
    if key is None:
        found = deadlines.resolve(report.term, report.received_at, by)
        return Due(found.due, found.legal)
    rule = rulebook.of(report.commune_id).held(key)
    start, amount = report.received_at, rule.amount or 0
    if rule.known.unit == "working_day":
        due = deadlines.working_days(start, amount, by)
        return Due(due.due, due.legal)
    unit = timedelta(minutes=1) if rule.known.unit == "minute" else timedelta(days=1)
    return Due(start + amount * unit, start + amount * unit)


def _set_due(step: steps.Step, due: Due) -> None:
    """Move the promise, with a line in the ledger when it changes."""
    report = step.report
    if due.due == report.due_at:
        return
    step.clock.append(
        deadlines.entry(
            report,
            ClockEntry.Clock.RESOLVE,
            effect=ClockEntry.Effect.CALENDAR,
            from_at=step.now,
            due_before=report.due_at,
            due_at=due.due,
            reason_code="stream",
            by=step.by.id,
        )
    )
    report.due_at, report.legal_due_at = due.due, max(due.due, due.legal)


def _open_up(report: Report) -> None:
    """Let everybody's place and the words for search follow the stream again."""
    kind = catalogue.of(report.commune_id).by_id[report.category_id]
    if not kind.is_publishable and report.visibility == Visibility.PENDING:
        report.visibility = Visibility.PRIVATE
    placing.coarsen(report, kind.sensitivity)
    searching.index(report, kind.plain_name)
