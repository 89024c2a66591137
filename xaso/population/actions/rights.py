"""What people ask about their own data, with its clocks: received, answered, done or refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.engine import Unit
from xaso.population import rulebook
from xaso.population.actions.persons import locked
from xaso.population.models import Person, RequestKind, RequestState, SubjectRequest

MOST = 2_000  # characters
_STOPS = (RequestKind.WITHDRAW, RequestKind.RESTRICT, RequestKind.OBJECT)


class NothingSaid(Invalid):
    """A correction says what is wrong; an answer says something."""

    sentence = _("Bác ghi rõ giúp chỗ nào sai, sửa thành gì.")


class AlreadyClosed(Refusal):
    """The request was done or refused."""

    sentence = _("Yêu cầu này đã xong rồi.")


class ExtendedAlready(Refusal):
    """The time is extended once."""

    sentence = _("Yêu cầu này đã gia hạn một lần, không gia hạn nữa được.")


@dataclass(frozen=True)
class NewRequest:
    """What somebody asks; `id` is made by the client that may send it twice."""

    kind: str
    text: str = ""
    channel: str = "web"
    id: UUID | None = None


@transaction.atomic
def ask(person: Person, new: NewRequest, *, by: Actor) -> SubjectRequest:
    """Take a request and start its clocks. The second time with the same `id` gives the first.

    Two clocks (decree 356/2025/NĐ-CP as quoted; dated rows of the rulebook): an answer in working
    days; the end, for what stops the use of data in days of the calendar, else the same days too.
    Refuses with NothingSaid (a correction without words).
    """
    known = SubjectRequest.objects.filter(pk=new.id, person=person).first() if new.id else None
    if known is not None:
        return known
    row = locked(person)
    text = clean_text(new.text)[:MOST]
    if new.kind not in RequestKind.values or (new.kind == RequestKind.CORRECT and not text):
        raise NothingSaid(errors={"text": [str(NothingSaid.sentence)]})
    now = clock.now()
    kept = SubjectRequest.objects.create(
        id=new.id or uuid4(),
        commune_id=row.commune_id,
        person=row,
        kind=new.kind,
        text=text,
        received_at=now,
        answer_due_at=_answer_due(row.commune_id, now),
        done_due_at=now + timedelta(days=rulebook.amount(row.commune_id, "rights.stop_days")),
        channel=new.channel,
    )
    audit.record(
        "population.request_received", kept, by=by, commune=row.commune_id,
        changes={"kind": new.kind, "channel": new.channel},
    )  # fmt: skip
    return kept


@transaction.atomic
def answer_request(
    request: SubjectRequest, text: str, *, has_third_party: bool = False, by: Actor
) -> SubjectRequest:
    """Tell the person how it goes on; with a third party there are more days to stop.

    Refuses with NothingSaid, AlreadyClosed.
    """
    row = _open(request)
    row.answer, row.state = said(text), RequestState.ANSWERED
    row.answered_at = row.answered_at or clock.now()
    if has_third_party and not row.has_third_party and row.kind in _STOPS:
        row.has_third_party = True
        days = rulebook.amount(row.commune_id, "rights.stop_days_third")
        row.done_due_at = row.received_at + timedelta(days=days)
    return _kept(row, "population.request_answered", by)


@transaction.atomic
def extend_request(request: SubjectRequest, *, by: Actor) -> SubjectRequest:
    """Give the request more days, once. Refuses with ExtendedAlready, AlreadyClosed."""
    row = _open(request)
    if row.is_extended:
        raise ExtendedAlready
    row.is_extended = True
    row.done_due_at += timedelta(days=rulebook.amount(row.commune_id, "rights.extend_days"))
    return _kept(row, "population.request_extended", by)


@transaction.atomic
def close_request(
    request: SubjectRequest, text: str, *, is_refused: bool = False, by: Actor
) -> SubjectRequest:
    """Say that it is done, or why it cannot be. Refuses with NothingSaid, AlreadyClosed."""
    row = _open(request)
    now = clock.now()
    row.answer = said(text)
    row.answered_at = row.answered_at or now
    row.state = RequestState.REFUSED if is_refused else RequestState.DONE
    row.done_at = now
    return _kept(row, "population.request_closed", by)


def _answer_due(commune: UUID, now: datetime) -> datetime:
    days = rulebook.amount(commune, "rights.answer_days")
    return working_time.due(Unit.WORKING_DAYS, days, now, commune).promise


def _open(request: SubjectRequest) -> SubjectRequest:
    row = SubjectRequest.objects.select_for_update().filter(pk=request.pk).first()
    if row is None:
        raise NotFound
    if row.state not in (RequestState.RECEIVED, RequestState.ANSWERED):
        raise AlreadyClosed
    return row


def said(text: str) -> str:
    """Return words as they are kept. Refuses with NothingSaid where there are none."""
    words = clean_text(text)[:MOST]
    if not words:
        raise NothingSaid(_("Bác ghi câu trả lời cho bà con."))
    return words


def _kept(row: SubjectRequest, what: str, by: Actor) -> SubjectRequest:
    row.handled_by = by.id[:64]
    row.save()
    audit.record(what, row, by=by, commune=row.commune_id, changes={"state": row.state})
    return row
