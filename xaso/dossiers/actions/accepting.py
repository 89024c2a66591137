"""Reception: the clock starts, the version is frozen, the official number is taken."""

from datetime import datetime, timedelta

from xaso.dossiers import agreements, catalogue, clocks, codes, history, proactive
from xaso.dossiers.actions import drawing, steps, supplementing, wanting
from xaso.dossiers.actions.steps import NOTHING, Seen
from xaso.dossiers.content import answers
from xaso.dossiers.content.shape import Content
from xaso.dossiers.given import Completed, Fee, Slip
from xaso.dossiers.history import Said
from xaso.dossiers.models import (
    ClockLine,
    Dossier,
    DossierCode,
    HelpScope,
    Supplement,
    System,
)
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Consent
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_text, dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.calendar import Calendar

CONSENT_HOLDS = timedelta(days=30)


@steps.action
def submit(dossier: Dossier, *, by: Actor, seen: Seen = NOTHING, said_yes: bool = False) -> Dossier:
    """Hand a draft in; the clock of our answer starts.

    One that the commune prepared needs a yes of its person: an earlier one, or `said_yes` now,
    which is written down as an answer to the reminder.
    """
    waits = proactive.waits_for_a_yes(dossier)
    step = steps.begin(
        dossier, "nop", by=by, seen=seen, has_consent=_has_consent(dossier, by),
        waits_for_a_yes=waits is not None and not said_yes,
    )  # fmt: skip
    if waits is not None:
        wanting.say_yes(waits, by=by)
    dossier.submitted_at = step.now
    by_calendar = clocks.calendar(dossier.commune_id)
    dossier.response_due_at = clocks.response_due(step.content, step.now, by_calendar)
    return step.finish()


@steps.action
def accept(
    dossier: Dossier,
    fees: list[Fee] | None = None,
    filled: Completed | None = None,
    *,
    by: Actor,
    seen: Seen = NOTHING,
) -> Dossier:
    """Accept what was handed in: freeze version and calendar, start both clocks, number it.

    `fees`: the decided lines, an empty list for nothing to pay; None keeps those decided before.
    `filled`: what the counter answers and adds, None for nothing; mandatory questions must be
    answered. Refuses with Invalid (errors by field, `q_` and the question's code).
    The version is that of the day of acceptance, in which the law of that day stands.
    """
    version = _freeze(dossier)
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    if filled is not None:
        _fill_in(dossier, content, filled, by)
    has_lines = dossier.fees.exists()
    step = steps.begin(
        dossier,
        "tiep_nhan",
        by=by,
        seen=seen,
        components=list(dossier.components.filter(replaced_by__isnull=True)),
        fees_decided=fees is not None or has_lines,
        unanswered=answers.unanswered(content, dossier.form),
    )
    dossier.unanswered = 0
    if fees is not None:
        step.rows += drawing.fees(dossier, fees, step.now)
    calendar = clocks.calendar(dossier.commune_id)
    dossier.touched_at = step.now
    step.lines.append(start(dossier, step.content, calendar, by))
    settings = catalogue.settings_of(dossier.commune_id)
    commune = Commune.objects.get(pk=dossier.commune_id)
    number(dossier, codes.prefix(settings, commune))
    dossier.codes.filter(is_primary=True).update(is_primary=False)
    row = code_row(dossier, step.now)
    row.dossier = dossier
    step.rows.append(row)
    return step.finish(Said(facts=facts_of(dossier, version)))


@steps.action
def ask_before(dossier: Dossier, slip: Slip, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Ask for everything missing before acceptance, in one slip (Mẫu 02)."""
    step = steps.begin(
        dossier, "yc_bs_dau_vao", by=by, seen=seen,
        items=slip.items, reason=slip.reason, legal_basis=slip.legal_basis,
    )  # fmt: skip
    step.rows.append(
        Supplement(
            commune_id=dossier.commune_id,
            dossier=dossier,
            number=dossier.supplements.count() + 1,
            stage=Supplement.Stage.INTAKE,
            state=Supplement.State.ISSUED,
            items=list(slip.items),
            reason=clean_text(slip.reason),
            legal_basis=slip.legal_basis,
            guidance=clean_text(slip.guidance),
            asked_by_id=int(by.id),
            proposed_at=step.now,
            issued_at=step.now,
        )
    )
    dossier.response_due_at = None
    return step.finish(Said(public=clean_text(slip.reason)[:1_000]))


@steps.action
def complete_before(dossier: Dossier, received: str, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Take what was asked for before acceptance; the clock of our answer starts anew."""
    step = steps.begin(dossier, "nop_bs_dau_vao", by=by, seen=seen, received=received)
    dossier.supplements.filter(state=Supplement.State.ISSUED).update(
        state=Supplement.State.RECEIVED,
        received_at=step.now,
        received_by=by.id,
        received_note=clean_text(received)[:2_000],
    )
    calendar = clocks.calendar(dossier.commune_id)
    dossier.response_due_at = clocks.response_due(step.content, step.now, calendar)
    return step.finish(Said(internal=clean_text(received)[:2_000]))


@steps.action
def refuse(
    dossier: Dossier, reason: str, legal_basis: str, *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Refuse to accept, with a legal reason in plain words and where to go instead (Mẫu 03)."""
    settings = catalogue.settings_of(dossier.commune_id)
    step = steps.begin(
        dossier, "tu_choi", by=by, seen=seen, reason=reason, legal_basis=legal_basis,
        refusal_by_leader=settings.is_refusal_by_leader,
    )  # fmt: skip
    dossier.ended_at = step.now
    facts = {"legal_basis": legal_basis}
    return step.finish(Said(public=clean_text(reason)[:1_000], facts=facts))


def start(dossier: Dossier, content: Content, calendar: Calendar, by: Actor) -> ClockLine:
    """Start both clocks at the moment the dossier was touched; return the line of the ledger."""
    dossier.accepted_at = accepted = dossier.touched_at
    clocks.settle(dossier, clocks.first(content.time, accepted, calendar), calendar)
    dossier.first_promise_at = dossier.promise_at
    dossier.response_due_at = None
    return clocks.line(dossier, clocks.Effect.RUN, from_at=accepted, by=by.id)


def number(dossier: Dossier, prefix: str) -> None:
    """Take the official number of the local day of acceptance."""
    assert dossier.accepted_at is not None  # noqa: S101
    day = dates.local(dossier.accepted_at).date()
    dossier.code = codes.take(dossier.commune_id, prefix, day)


def code_row(dossier: Dossier, now: datetime) -> DossierCode:
    """Return the primary code as a row, not saved yet."""
    return codes.row(dossier.commune_id, System.XASO, dossier.code, now, is_primary=True)


def facts_of(dossier: Dossier, version: int) -> dict[str, object]:
    """Return what the history keeps of an acceptance: no number, no name."""
    return {
        "version": version,
        "promise": history.moment(dossier.promise_at),
        "legal": history.moment(dossier.legal_at),
        "calendar": [dossier.calendar_id, dossier.calendar_version],
    }


def _fill_in(dossier: Dossier, content: Content, filled: Completed, by: Actor) -> None:
    """Put the counter's answers and papers into the locked draft."""
    if errors := answers.faults(content, filled.answers):
        raise Invalid(errors=errors)
    dossier.form = {code: clean_text(str(text)) for code, text in filled.answers.items()}
    supplementing.place_papers(dossier, filled.papers, by=by, now=clock.now())


def _freeze(dossier: Dossier) -> int:
    """Put the dossier under the version of today; return the version's number."""
    today = dates.local(clock.now()).date()
    held = catalogue.held(dossier.commune_id, dossier.procedure.code, today)
    dossier.frozen_id = held.frozen_id
    return held.version.number


def _has_consent(dossier: Dossier, by: Actor) -> bool:
    """Return whether a consent holds that goes so far; at the counter the person is there."""
    rows = Consent.objects.filter(
        commune=dossier.commune_id,
        pk=dossier.consent_id or 0,
        withdrawn_at__isnull=True,
        given_at__gt=clock.now() - CONSENT_HOLDS,
    )
    if not rows.exists():
        return False
    agreed = agreements.of(dossier)
    is_at_the_counter = by.is_one_of("one_stop_clerk")
    return agreed is None or is_at_the_counter or HelpScope.SUBMIT in agreed.scopes
