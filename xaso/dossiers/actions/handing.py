"""A dossier goes from hand to hand: every time who gave, who received, and when (Mẫu 06)."""

from datetime import datetime

from xaso.dossiers import absences, catalogue, clocks
from xaso.dossiers.actions import steps
from xaso.dossiers.actions.steps import NOTHING, Seen, Step
from xaso.dossiers.content import answers
from xaso.dossiers.content.shape import Content, StepRule
from xaso.dossiers.given import Handing
from xaso.dossiers.history import Said
from xaso.dossiers.models import ClockLine, Dossier, HandOver, StepKind, SubTask
from xaso.kernel.audit.actors import Actor
from xaso.kernel.text import clean_line, clean_text
from xaso.kernel.working_time import clock
from xaso.kernel.working_time.calendar import Calendar

_DOCUMENTED = 300


@steps.action
def hand_over(dossier: Dossier, to: Handing, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Give a dossier to the next step, or to somebody else in this step.

    Without `to_step`: the first one after acceptance, else the only one that follows. Someone who
    is away is stood in for; without a stand-in the step is refused.
    """
    now = clock.now()
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    code = to.to_step or _next(dossier, content)
    rule = content.step(code)
    receiver = _receiver(dossier, to, rule, now)
    step = steps.begin(
        dossier, "chuyen", by=by, seen=seen, to_step=code,
        receiver=receiver.official_id, unit=to.unit_id, receiver_problem=receiver.problem,
        open_questions=_open_questions(dossier, rule),
        unanswered=answers.unanswered(content, dossier.form) if dossier.unanswered else (),
    )  # fmt: skip
    unit = to.unit_id or receiver.unit_id or dossier.unit_id
    _go(step, rule, receiver, unit=unit, note=to.note)
    return step.finish(_said(to.note, code))


@steps.action
def hand_back(
    dossier: Dossier, to: Handing, reason: str, *, by: Actor, seen: Seen = NOTHING
) -> Dossier:
    """Give a dossier back to a step it was in, with the reason; the clock keeps running.

    Without a receiver: whoever did that step last.
    """
    now = clock.now()
    earlier = list(dossier.hand_overs.order_by("-seq"))
    passed = [each.to_step for each in earlier if each.to_step]
    last = next((each for each in earlier if each.to_step == to.to_step), None)
    rule = catalogue.kept(dossier.commune_id, dossier.frozen_id).step(to.to_step)
    target = to
    if not (to.receiver_id or to.unit_id) and last is not None:
        target = Handing(to.to_step, last.receiver_id, last.unit_id, to.note)
    receiver = _receiver(dossier, target, rule, now)
    step = steps.begin(
        dossier, "tra_lai_buoc", by=by, seen=seen, to_step=to.to_step, reason=reason,
        earlier_steps=passed, receiver=receiver.official_id, unit=target.unit_id,
        receiver_problem=receiver.problem,
    )  # fmt: skip
    unit = target.unit_id or receiver.unit_id or dossier.unit_id
    _go(step, rule, receiver, unit=unit, note=reason)
    return step.finish(_said(reason, to.to_step))


@steps.action
def take(dossier: Dossier, *, by: Actor, seen: Seen = NOTHING) -> Dossier:
    """Take a dossier that lies with one's unit into one's own hands."""
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    rule = content.step(dossier.step)
    receiver = _receiver(dossier, Handing(receiver_id=int(by.id)), rule, clock.now())
    step = steps.begin(
        dossier, "nhan_viec", by=by, seen=seen,
        receiver=receiver.official_id, receiver_problem=receiver.problem,
    )  # fmt: skip
    _go(step, rule, receiver, unit=dossier.unit_id, note="")
    return step.finish()


def _next(dossier: Dossier, content: Content) -> str:
    """Return the step that follows when there is only one way."""
    here = content.step(dossier.step)
    if here is None:
        return content.first_step.code if content.first_step else ""
    return here.next[0] if len(here.next) == 1 else ""


def _receiver(
    dossier: Dossier, to: Handing, rule: StepRule | None, now: datetime
) -> absences.Receiver:
    if to.receiver_id is None:
        return absences.Receiver(unit_id=to.unit_id)
    return absences.receiver(dossier.commune_id, to.receiver_id, rule, now)


def _open_questions(dossier: Dossier, rule: StepRule | None) -> bool:
    """Return whether a mandatory question is open; asked only before a result is signed."""
    if rule is None or rule.kind not in {StepKind.SIGN, StepKind.STAMP}:
        return False
    return open_mandatory(dossier)


def open_mandatory(dossier: Dossier) -> bool:
    """Return whether a mandatory question waits for its answer."""
    rows = SubTask.objects.filter(dossier=dossier, state=SubTask.State.OPEN, is_mandatory=True)
    return rows.exists()


def _go(
    step: Step, rule: StepRule | None, receiver: absences.Receiver, *, unit: int | None, note: str
) -> None:
    """Put a dossier into a step and into somebody's hands, and write the line of Mẫu 06."""
    dossier, by = step.dossier, clocks.frozen(step.dossier)
    since = dossier.step_since or dossier.accepted_at or step.now
    step.hand_over = HandOver(
        commune_id=dossier.commune_id,
        dossier=dossier,
        from_step=dossier.step,
        to_step=rule.code if rule else dossier.step,
        unit_id=unit,
        giver_id=int(step.by.id) if step.by.kind == "official" else None,
        receiver_id=receiver.official_id,
        instead_of_id=receiver.instead_of,
        at=step.now,
        step_due_at=dossier.step_due_at,
        minutes=max(0, clocks.between(since, step.now, by)),
        result=in_time(dossier.step_due_at, step.now, by) if dossier.step else "",
        note=clean_line(note)[:_DOCUMENTED],
    )
    if rule is not None and rule.code != dossier.step:
        dossier.step, dossier.step_since = rule.code, step.now
        dossier.step_due_at = clocks.later(step.now, rule.minutes, by) if rule.minutes else None
        if rule.kind == StepKind.POST.value and step.content.time.posting:
            step.lines.append(_post(step, step.content.time.posting.days, by))
    if dossier.unit_id != unit:
        dossier.unit_id = unit
    dossier.holder_id = receiver.official_id


def _post(step: Step, days: int, by: Calendar) -> ClockLine:
    """Start the sub-clock of a public posting: so many working days, to the close of the last."""
    dossier = step.dossier
    dossier.posted_at = step.now
    dossier.posted_until = clocks.days_from(step.now, days, by)
    return clocks.line(
        dossier,
        clocks.Effect.POST,
        from_at=step.now,
        to_at=dossier.posted_until,
        by=step.by.id,
    )


def in_time(due: datetime | None, now: datetime, by: Calendar) -> str:
    """Return how a step ended against its advised time: early, on time (its last hour), late."""
    if due is None:
        return HandOver.InTime.ON_TIME
    if now > due:
        return HandOver.InTime.LATE
    is_early = clocks.between(now, due, by) > 60
    return HandOver.InTime.EARLY if is_early else HandOver.InTime.ON_TIME


def _said(note: str, step: str) -> Said:
    return Said(internal=clean_text(note)[:1_000], facts={"step": step})
