"""One person asks for a step, another approves it: a later date, a rejection, an end of waiting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports import deadlines
from xaso.reports.actions import extending, rejecting, steps, telling_office, waiting
from xaso.reports.history import Said
from xaso.reports.models import Approval, Report

Kind = Approval.Kind


class AlreadyAsked(Refusal):
    """The same thing waits for an answer."""

    sentence = _("Việc này đã xin duyệt rồi, đang chờ người duyệt.")


class AlreadyDecided(Refusal):
    """Somebody decided it before."""

    sentence = _("Đề nghị này đã có người quyết định.")


class OwnRequest(Refusal):
    """Who asks never approves."""

    sentence = _("Người xin không tự duyệt. Bác nhờ người khác duyệt.")
    status = 403


@dataclass(frozen=True)
class Asking:
    """What is asked for, in the words the resident will read."""

    kind: str
    text: str
    reason: str = ""
    days: int = 0


@transaction.atomic
def ask_approval(
    report: Report, given: Asking, *, by: Actor, version: int | None = None
) -> Approval:
    """Ask for a step. Refuses as the step's guards do, and with AlreadyAsked."""
    current = steps.locked(report)
    due = deadlines.extension(current, given.days)[0] if given.kind == Kind.EXTEND else None
    facts = {"reason": given.reason, "text": given.text, "due_at": due, "asked": given.kind}
    facts |= waiting.facts(current)
    step = steps.take(current, f"ask_{given.kind}", by=by, version=version, **facts)
    text = clean_text(given.text)[:1_000]
    try:
        with transaction.atomic():
            row = Approval.objects.create(
                commune_id=current.commune_id,
                report=current,
                kind=given.kind,
                order={"days": given.days, "reason": given.reason, "text": text},
                asked_by_id=int(by.id),
                asked_at=step.now,
            )
    except IntegrityError as error:
        raise AlreadyAsked from error
    said = {"asked": given.kind, "days": given.days, "reason": given.reason}
    done = step.finish(Said(internal=text, facts=said), tells=False)
    telling_office.tell_deciders(done, row)
    return row


@transaction.atomic
def approve(approval: Approval, *, by: Actor) -> Report:
    """Take the step that was asked for. Refuses with OwnRequest, AlreadyDecided, and as the step.

    The step asks its own guards: who may approve, how often, in time.
    """
    row = _open(approval, by)
    report = _TAKES[row.kind](row, by)
    _decide(row, Approval.State.APPROVED, by)
    telling_office.tell_asker(report, row)
    return report


@transaction.atomic
def decline(approval: Approval, text: str, *, by: Actor) -> Report:
    """Say no, and why, to the one who asked; the report stays as it is."""
    row = _open(approval, by)
    current = steps.locked(row.report)
    said = clean_text(text)[:500]
    step = steps.take(current, "decline", by=by, text=said)
    row.answer = said
    _decide(row, Approval.State.DECLINED, by)
    done = step.finish(Said(internal=said, facts={"asked": row.kind}), tells=False)
    telling_office.tell_asker(done, row)
    return done


@transaction.atomic
def take_request_back(approval: Approval, *, by: Actor) -> Approval:
    """Take one's own request back while nobody decided it."""
    row = Approval.objects.select_for_update().filter(pk=approval.pk).first()
    if row is None or str(row.asked_by_id) != by.id:
        raise NotFound
    if row.state != Approval.State.OPEN:
        raise AlreadyDecided
    _decide(row, Approval.State.TAKEN_BACK, by)
    return row


def _open(approval: Approval, by: Actor) -> Approval:
    rows = Approval.objects.select_for_update(of=("self",)).select_related("report")
    row = rows.filter(pk=approval.pk).first()
    if row is None:
        raise NotFound
    if row.state != Approval.State.OPEN:
        raise AlreadyDecided
    if str(row.asked_by_id) == by.id:
        raise OwnRequest
    return row


def _decide(row: Approval, state: str, by: Actor) -> None:
    row.state, row.decided_at, row.decided_by_id = state, clock.now(), int(by.id)
    row.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    changes = {"kind": row.kind, "state": str(state)}
    audit.record("reports.decided", row, by=by, commune=row.commune_id, changes=changes)


def _extend(row: Approval, by: Actor) -> Report:
    asked: dict[str, Any] = row.order
    order = extending.Extending(
        asked["days"], asked["reason"], asked["text"], asked_by=str(row.asked_by_id)
    )
    return extending.extend(row.report, order, by=by)


def _reject(row: Approval, by: Actor) -> Report:
    return rejecting.reject(row.report, row.order["reason"], row.order["text"], by=by)


def _give_up(row: Approval, by: Actor) -> Report:
    return waiting.give_up_waiting(row.report, row.order["text"], by=by)


_TAKES: dict[str, Callable[[Approval, Actor], Report]] = {
    Kind.EXTEND: _extend,
    Kind.REJECT: _reject,
    Kind.GIVE_UP: _give_up,
}
