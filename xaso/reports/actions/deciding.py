"""What people said about reports that look alike: kept with the score they were shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound
from xaso.kernel.working_time import clock
from xaso.reports import alike, catalogue
from xaso.reports.actions import steps
from xaso.reports.likeness import Likeness
from xaso.reports.models import DuplicateSuggestion, Report

RESIDENT, OFFICIAL = "resident", "official"


@dataclass(frozen=True)
class Shown:
    """A published report a resident was shown before sending, and how alike it seemed."""

    code: str
    score: float
    factors: dict[str, float]


@transaction.atomic
def call_different(report: Report, other: Report, *, by: Actor) -> DuplicateSuggestion:
    """Keep that an official looked at both and found two matters; the pair is not shown again."""
    current = steps.locked(report)
    steps.take(current, "note", by=by, text="-")  # whoever may write a note may say this
    said = keep(current, other, DuplicateSuggestion.Decision.DIFFERENT, by=by)
    audit.record("reports.called_different", current, by=by, commune=current.commune_id)
    return said


@transaction.atomic
def sent_anyway(report: Report, shown: Iterable[Shown]) -> None:
    """Keep that a sender saw these and said theirs is another matter. A retry changes nothing."""
    found = {each.code: each for each in shown}
    rows = Report.objects.filter(commune=report.commune_id, code__in=found).exclude(pk=report.pk)
    DuplicateSuggestion.objects.bulk_create(
        [
            _row(report, other, found[other.code], DuplicateSuggestion.Decision.DIFFERENT)
            for other in rows
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def followed_instead(shown: Shown, *, other: Report) -> DuplicateSuggestion:
    """Keep that a resident followed a report instead of sending the same again."""
    row = _row(None, other, shown, DuplicateSuggestion.Decision.FOLLOWED)
    row.save(force_insert=True)
    return row


def keep(report: Report, other: Report, decision: str, *, by: Actor) -> DuplicateSuggestion:
    """Keep an official's decision about a pair; the last word counts."""
    if other.commune_id != report.commune_id:
        raise NotFound
    found = alike.pair(report, other, catalogue.of(report.commune_id))
    return DuplicateSuggestion.objects.update_or_create(
        commune_id=report.commune_id,
        report=report,
        other=other,
        shown_to=OFFICIAL,
        defaults={
            "score": found.score,
            "factors": found.factors,
            "decision": decision,
            "decided_by": by.id,
            "decided_at": clock.now(),
        },
    )[0]


def _row(report: Report | None, other: Report, shown: Shown, decision: str) -> DuplicateSuggestion:
    likeness = Likeness(shown.score, shown.factors)
    return DuplicateSuggestion(
        commune_id=other.commune_id,
        report=report,
        other=other,
        score=likeness.score,
        factors=likeness.factors,
        shown_to=RESIDENT,
        decision=decision,
        decided_at=clock.now(),
    )
