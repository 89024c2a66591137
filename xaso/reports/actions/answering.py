"""The commune answers in public, once the answer is good enough."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, clean_text, dates, fold
from xaso.kernel.working_time import clock
from xaso.reports import catalogue, deadlines, gate, hats, privacy
from xaso.reports.actions import bodies, counting, photographs, steps, tasks
from xaso.reports.history import Said
from xaso.reports.models import Answer, AnswerTemplate, Follower, Photo, Report, State, Stream
from xaso.reports.models.words import AnswerKind, Channel, Outcome

_REMEMBERED = timedelta(days=90)  # an answer to another report may not be sent again so soon


class AnswerRefused(Invalid):
    """The gate found the answer wanting; `errors` says what, beside each field."""

    sentence = _("Câu trả lời chưa gửi được. Bác xem dòng chữ đỏ ở từng ô.")

    def __init__(self, result: gate.Result) -> None:
        """Keep what the gate found."""
        super().__init__(errors=result.errors())
        self.result = result


@dataclass(frozen=True)
class Answering:
    """What the commune answers. `photos` are stored after-photos."""

    text: str
    kind: str
    done_by: str = ""
    done_on: date | None = None
    planned_on: date | None = None
    contact: str = ""
    waiver: str = ""
    photos: Sequence[Attachment] = field(default_factory=tuple)
    is_repeat_confirmed: bool = False


@transaction.atomic
def answer(report: Report, given: Answering, *, by: Actor, version: int | None = None) -> Report:
    """Answer a report: the text and the after-photos are public from this moment.

    Refuses with AnswerRefused (rules of the gate) and as every step. A forwarded report is
    answered with the words of the body it went to.
    """
    current = steps.locked(report)
    kind = catalogue.of(current.commune_id).by_id[current.category_id]
    result = gate.check(_draft(given, current.received_at), _about(current, given, by, kind))
    action = "relay_answer" if current.state == "forwarded" else "answer"
    facts = {
        "is_gate_passed": True,
        "has_body_reply": bodies.has_reply(current),
        "is_approval_required": kind.is_approval_required or current.reopen_count > 0,
    }
    step = steps.take(current, action, by=by, version=version, **facts)
    if not result.is_passed:
        raise AnswerRefused(result)
    row = _stored(step, given, result)
    _show_photos(step, given, row)
    current.answer = row
    current.answered_at = step.now
    current.outcome = Outcome.RESOLVED if given.kind == AnswerKind.FIXED else Outcome.NO_ACTION
    current.objection_until = _window(current, given, step.now)
    said = {"answer": row.pk, "kind": given.kind, "sequence": row.sequence}
    done = step.finish(Said(public=row.text, facts=said))
    tasks.check_promise(done, row)
    return done


def preview(report: Report, given: Answering, *, by: Actor) -> gate.Result:
    """Return what the gate would say, changing nothing."""
    kind = catalogue.of(report.commune_id).by_id[report.category_id]
    return gate.check(_draft(given, report.received_at), _about(report, given, by, kind))


@transaction.atomic
def count_refusal(report: Report, refusal: AnswerRefused) -> None:
    """Count an answer that the gate sent back: its own transaction was undone."""
    counting.refused(report, refusal.result.rules(), clock.now())


def _draft(given: Answering, received_at: datetime) -> gate.Draft:
    old = sum(_is_older(photo, received_at) for photo in given.photos)
    return gate.Draft(
        text=clean_text(given.text),
        kind=given.kind,
        done_on=given.done_on,
        planned_on=given.planned_on,
        done_by=clean_line(given.done_by),
        contact=clean_line(given.contact),
        waiver=clean_text(given.waiver),
        new_photos=len(given.photos) - old,
        old_photos=old,
    )


def _is_older(photo: Attachment, received_at: datetime) -> bool:
    """Return whether the camera says that a photo was taken before the report came."""
    taken = files.taken_at(photo)
    return taken is not None and taken < received_at


def _about(report: Report, given: Answering, by: Actor, kind: catalogue.Kind) -> gate.Circumstances:
    commune = Commune.objects.get(pk=report.commune_id)
    templates = AnswerTemplate.objects.filter(commune=commune.id, is_active=True)
    leads = bool({hats.LEAD, hats.SUPERVISOR} & hats.worn(report, by))
    return gate.Circumstances(
        today=dates.local(clock.now()).date(),
        received_at=report.received_at,
        is_photo_required=kind.is_after_photo_required,
        may_waive=leads,
        names=_names(report),
        phones=frozenset({privacy.digits(commune.phone)} if commune.phone else ()),
        templates=tuple(templates.values_list("text", flat=True)),
        earlier=_earlier(report, given),
        is_repeat_confirmed=given.is_repeat_confirmed,
        may_repeat=leads,
        asked=report.text or "",
        is_regulation=report.stream == Stream.REGULATION,
        is_forwarded=report.state == State.FORWARDED,
        is_voice=report.channel == Channel.VOICE,
    )


def _names(report: Report) -> tuple[str, ...]:
    """Return the names of who sent it and of who told the same: none of them is made public."""
    followers = Follower.objects.filter(report=report, reporter__isnull=False)
    rows = [f.reporter for f in followers.select_related("reporter")]
    return tuple(who.name for who in (report.reporter, *rows) if who and who.name)


def _earlier(report: Report, given: Answering) -> frozenset[str]:
    """Return the same words, if they were sent to another matter lately."""
    since = clock.now() - _REMEMBERED
    rows = Answer.objects.filter(
        commune=report.commune_id, fold=fold(given.text), answered_at__gte=since
    )
    others = rows.exclude(report=report).exclude(report__parent=report)
    return frozenset(others.values_list("fold", flat=True)[:1])


def _stored(step: steps.Step, given: Answering, result: gate.Result) -> Answer:
    report = step.report
    draft = _draft(given, report.received_at)
    key = int(step.by.id) if step.by.kind == "official" else None
    official = Official.objects.filter(pk=key).first() if key else None
    return Answer.objects.create(
        commune_id=report.commune_id,
        report=report,
        sequence=Answer.objects.filter(report=report).count() + 1,
        text=draft.text,
        fold=fold(draft.text),
        kind=given.kind,
        done_on=given.done_on if given.kind == AnswerKind.FIXED else None,
        planned_on=given.planned_on if given.kind == AnswerKind.PLANNED else None,
        done_by=draft.done_by[:120],
        unit=report.unit,
        contact=draft.contact[:200],
        photo_waiver_reason=draft.waiver,
        gate_result=result.stored(str(official or "") if draft.waiver else ""),
        answered_by=official,
        approved_by=official if draft.waiver else None,
        answered_at=step.now,
    )


def _show_photos(step: steps.Step, given: Answering, row: Answer) -> None:
    """Publish the after-photos: the official who sends them has looked at them."""
    rows = photographs.keep(step.report, given.photos, Photo.Role.AFTER, row)
    Photo.objects.filter(pk__in=[photo.pk for photo in rows]).update(
        moderation=Photo.Moderation.OK,
        public_file=F("attachment"),
        moderated_by=step.by.id,
        moderated_at=step.now,
    )
    for file in given.photos:
        attachments.publish(file, by=step.by)


def _window(report: Report, given: Answering, now: datetime) -> datetime:
    """Return the end of the window to object; a planned answer stays open until its day."""
    days = catalogue.of(report.commune_id).feedback_days
    until = deadlines.days_from(now, days, deadlines.calendar(report.commune_id))
    if given.kind == AnswerKind.PLANNED and given.planned_on is not None:
        return max(until, datetime.combine(given.planned_on, time(23, 59), dates.ZONE))
    return until
