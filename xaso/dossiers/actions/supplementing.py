"""Something is missing: one slip with all of it (Mẫu 02); the clock stands until all has come."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl

from xaso.dossiers import clocks
from xaso.dossiers.actions import drawing, steps
from xaso.dossiers.actions.steps import NOTHING, Seen, Step
from xaso.dossiers.given import Completing, Paper, Slip
from xaso.dossiers.history import Said
from xaso.dossiers.models import Component, Dossier, Supplement
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import clean_text

_State = Supplement.State


class NothingProposed(Refusal):
    """No request waits for a leader."""

    sentence = gl("Không có yêu cầu bổ sung nào đang chờ duyệt.")


@steps.action
def propose_supplement(dossier: Dossier, slip: Slip, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Write the slip and lay it before a leader; the clock keeps running until it is approved."""
    step = steps.begin(dossier, "trinh_bo_sung", by=by, seen=seen, to=None, **_facts(slip))
    _drop_proposed(step)
    step.rows.append(_row(step, slip, _State.PROPOSED))
    return step.finish(Said(internal=clean_text(slip.reason)[:1_000]))


@steps.action
def approve_supplement(dossier: Dossier, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Approve the slip that waits: it is issued, and the clock pauses from now."""
    found = _proposed(dossier)
    slip = Slip(found.items, found.reason, found.legal_basis, found.guidance, is_confirmed=True)
    step = steps.begin(dossier, "yc_bo_sung", by=by, seen=seen, to=None, **_facts(slip))
    found.state, found.approved_by_id = _State.ISSUED, int(by.id)
    found.issued_at, found.promise_before = step.now, dossier.promise_at
    step.rows.append(found)
    return _pause(step, found)


@steps.action
def decline_supplement(
    dossier: Dossier, reason: str, *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Do not approve the slip that waits; work goes on."""
    found = _proposed(dossier)
    step = steps.begin(dossier, "khong_duyet_bo_sung", by=by, seen=seen, reason=reason)
    found.state, found.approved_by_id = _State.DECLINED, int(by.id)
    found.received_note = clean_text(reason)[:1_000]
    step.rows.append(found)
    return step.finish(Said(internal=clean_text(reason)[:1_000]))


@steps.action
def request_supplement(dossier: Dossier, slip: Slip, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Write and issue the slip at once, as a leader; the clock pauses from now."""
    step = steps.begin(dossier, "yc_bo_sung", by=by, seen=seen, to=None, **_facts(slip))
    _drop_proposed(step)
    row = _row(step, slip, _State.ISSUED)
    row.approved_by_id, row.issued_at = int(by.id), step.now
    row.promise_before = dossier.promise_at
    step.rows.append(row)
    return _pause(step, row)


@steps.action
def complete(dossier: Dossier, what: Completing, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Take everything the slip asked for; the clock goes on with what was left."""
    step = steps.begin(
        dossier, "nop_bo_sung", by=by, seen=seen,
        received=what.received, still_missing=what.still_missing,
    )  # fmt: skip
    found = dossier.supplements.filter(state=_State.ISSUED).first()
    resume(step)
    put_papers(step, what.papers)
    if found is not None:
        found.state, found.received_at, found.received_by = _State.RECEIVED, step.now, by.id
        found.received_note = clean_text(what.received)[:2_000]
        found.promise_after = dossier.promise_at
        step.rows.append(found)
    return step.finish(Said(internal=clean_text(what.received)[:2_000]))


def resume(step: Step) -> None:
    """Let the clocks go on: both move by the working time of the pause."""
    dossier = step.dossier
    if dossier.paused_at is None:
        return
    before, started = dossier.promise_at, dossier.paused_at
    known = list(dossier.clock_lines.all())
    moved = clocks.resumed(dossier, step.now, known, step.content.time)
    stood = [*clocks.pauses(known), clocks.pause(started, step.now)]
    clocks.settle(dossier, moved.due, moved.by, stood)
    dossier.paused_at = None
    step.lines.append(
        clocks.line(
            dossier,
            clocks.Effect.PAUSE,
            from_at=started,
            to_at=step.now,
            minutes=moved.minutes,
            promise_before=before,
            by=step.by.id,
        )
    )


def put_papers(step: Step, papers: Sequence[Paper]) -> None:
    """Put papers that came later beside the first ones; what they replace stays, marked."""
    place_papers(step.dossier, papers, by=step.by, now=step.now)


def place_papers(dossier: Dossier, papers: Sequence[Paper], *, by: Actor, now: datetime) -> None:
    """Do so for a locked dossier before its step begins, where a rule asks for the papers."""
    if not papers:
        return
    there: dict[str, list[Component]] = {}
    for each in dossier.components.filter(replaced_by__isnull=True):
        there.setdefault(each.code, []).append(each)
    for paper in papers:
        replaced = there.get(paper.code, [])
        old = replaced[0] if replaced else None
        name = old.name if old else paper.file_name or paper.code
        order = old.order if old else 99
        new = drawing.component(
            dossier, paper, by.id, now, name=name, order=order,
            is_mandatory=old.is_mandatory if old else False,
        )  # fmt: skip
        new.save()
        for number, page in enumerate(paper.more, start=2):
            said = {"name": name[:230], "n": number}
            more = Paper(paper.code, source=paper.source, attachment=page)
            drawing.component(
                dossier, more, by.id, now, order=order, is_mandatory=False,
                name=_("%(name)s, trang %(n)s") % said,
            ).save()  # fmt: skip
        for each in replaced:
            each.replaced_by = new
            each.save(update_fields=["replaced_by"])


def _facts(slip: Slip) -> dict[str, object]:
    return {
        "items": slip.items,
        "reason": slip.reason,
        "legal_basis": slip.legal_basis,
        "is_confirmed": slip.is_confirmed,
    }


def _pause(step: Step, row: Supplement) -> Dossier:
    step.dossier.paused_at = step.now
    step.dossier.supplement_count += 1
    facts = {"number": row.number, "items": len(row.items)}
    return step.finish(Said(public=row.reason[:1_000], facts=facts))


def _row(step: Step, slip: Slip, state: str) -> Supplement:
    dossier = step.dossier
    return Supplement(
        commune_id=dossier.commune_id,
        dossier=dossier,
        number=dossier.supplements.count() + 1,
        stage=Supplement.Stage.PROCESSING,
        state=state,
        items=list(slip.items),
        reason=clean_text(slip.reason)[:2_000],
        legal_basis=slip.legal_basis[:300],
        guidance=clean_text(slip.guidance)[:2_000],
        asked_by_id=int(step.by.id),
        proposed_at=step.now,
    )


def _proposed(dossier: Dossier) -> Supplement:
    found = dossier.supplements.filter(state=_State.PROPOSED).first()
    if found is None:
        raise NothingProposed
    return found


def _drop_proposed(step: Step) -> None:
    """Let a newer slip take the place of one that still waits."""
    step.dossier.supplements.filter(state=_State.PROPOSED).update(state=_State.DECLINED)
