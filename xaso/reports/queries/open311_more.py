"""What Open311 shows beyond the standard: extensions of a request, and the updates of many."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from xaso.kernel.attachments import queries as attachments
from xaso.kernel.text import dates
from xaso.reports import timeline
from xaso.reports.models import Answer, Photo, Report, ReportEvent
from xaso.reports.models.words import Sensitivity
from xaso.reports.open311 import attributes, moments, statuses
from xaso.reports.queries import open311
from xaso.reports.queries.finding import kinds_of
from xaso.reports.queries.open311 import Document, Reader

MOST_UPDATES = 1_000
_SECOND = timedelta(seconds=1)
_MARGIN = timedelta(minutes=2)  # steps of one second are moved apart, never so far
_ANSWERS = ("answer", "relay_answer")
_STEPS = tuple(kind for kind in timeline.SHOWN if kind != "receive")


def extend(documents: Sequence[Document], reports: Sequence[Report], reader: Reader) -> None:
    """Add the extensions to each document; two statements, whatever their number."""
    keys = [report.pk for report in reports]
    photos: dict[int, list[Photo]] = {}
    rows = Photo.objects.filter(report__in=keys, state=Photo.State.RECEIVED)
    for photo in rows.select_related("public_file").order_by("role", "order", "id"):
        photos.setdefault(photo.report_id, []).append(photo)
    events: dict[int, list[ReportEvent]] = {}
    steps = ReportEvent.objects.filter(report__in=keys, kind__in=timeline.SHOWN)
    for event in steps.order_by("seq"):
        events.setdefault(event.report_id, []).append(event)
    for shown, report in zip(documents, reports, strict=True):
        shown["extended_attributes"] = _extended(report, photos.get(report.pk, []), reader)
        shown["attributes"] = list(_answers(report))
        shown["notes"] = [_note(report, event) for event in events.get(report.pk, [])]


def updates(
    reader: Reader, start: datetime, end: datetime, *, is_finer: bool = False
) -> list[Document]:
    """Return what happened to visible reports in a period, oldest first; at most a thousand."""
    steps = ReportEvent.objects.filter(
        commune=reader.commune.id,
        kind__in=_STEPS,
        report__in=open311.visible(reader).values("pk"),
        server_time__gte=start - _MARGIN,
        server_time__lte=end,
    ).order_by("server_time", "id")
    events = list(steps[: MOST_UPDATES + 1_000])
    found = [(event, at) for event, at in _apart(events) if start <= at <= end][:MOST_UPDATES]
    keys = {event.report_id for event, _at in found}
    visible = open311.visible(reader).filter(pk__in=keys)
    reports = {r.pk: r for r in visible.select_related("parent", "village", "unit")}
    answers = _answers_of(keys)
    photos = _photos_of([a.pk for a in answers.values()], reader)
    shown = []
    for event, at in found:
        answer = _latest(answers, event)
        is_answer = event.kind in _ANSWERS and answer is not None
        row = _update(reports[event.report_id], event, at)
        kind = answer.kind if answer else ""
        row["status"] = statuses.after(
            event.to_state, reports[event.report_id], kind, is_finer=is_finer
        )
        row["media_url"] = photos.get(answer.pk) if is_answer and answer else None
        shown.append(row)
    return shown


def _update(report: Report, event: ReportEvent, at: datetime) -> Document:
    return {
        "update_id": f"{report.code}-{event.seq}",
        "service_request_id": report.code,
        "status": "",
        "updated_datetime": moments.written(at),
        "description": _said(report, event),
        "media_url": None,
    }


def _said(report: Report, event: ReportEvent) -> str:
    """Return what everybody reads of a step; the question to the sender stays with the sender."""
    if event.kind in _ANSWERS:
        return event.public_text
    heading = timeline.heading(event.kind)
    title = str(heading[1]) if heading else ""
    return ". ".join(filter(None, (title, timeline.note(report, event)))).strip()


def _apart(events: Sequence[ReportEvent]) -> Iterator[tuple[ReportEvent, datetime]]:
    """Give each step of a report its own second: clients drop what is not newer than the last."""
    latest: dict[int, datetime] = {}
    for event in events:
        at = event.server_time.replace(microsecond=0)
        before = latest.get(event.report_id)
        if before is not None and at <= before:
            at = before + _SECOND
        latest[event.report_id] = at
        yield event, at


def _answers_of(reports: set[int]) -> dict[tuple[int, int], Answer]:
    rows = Answer.objects.filter(report__in=reports).order_by("sequence")
    return {(row.report_id, row.sequence): row for row in rows}


def _latest(answers: dict[tuple[int, int], Answer], event: ReportEvent) -> Answer | None:
    """Return the answer that stood after a step."""
    own = [a for a in answers.values() if a.report_id == event.report_id]
    given = [a for a in own if a.answered_at <= event.server_time]
    return given[-1] if given else None


def _photos_of(answers: Sequence[int], reader: Reader) -> dict[int, str | None]:
    if not answers:
        return {}
    rows = Photo.objects.filter(answer__in=answers, role=Photo.Role.AFTER)
    shown: dict[int, str | None] = {}
    for photo in rows.select_related("public_file").order_by("-order", "-id"):
        if photo.is_public and photo.answer_id:
            shown[photo.answer_id] = open311.picture(photo.public_file, reader)
    return shown


def _extended(report: Report, photos: Sequence[Photo], reader: Reader) -> Document:
    kind = kinds_of(report).by_id[report.category_id]
    is_hidden = kind.sensitivity == Sensitivity.NEVER or report.village is None
    code = report.village.code if report.village and not is_hidden else None
    precision = report.public_precision_m or open311.COMMUNE_PRECISION_M
    return {
        "channel": report.channel,
        "state": report.state,
        "location_precision_m": precision,
        "village_code": code,
        "photos": list(_photos(photos, reader)) if open311.is_published(report) else [],
        "followers": report.follower_count,
    }


def _photos(photos: Sequence[Photo], reader: Reader) -> Iterator[Document]:
    for photo in photos:
        url = open311.picture(photo.public_file, reader)
        if url is None or photo.public_file is None:
            continue
        size = attachments.picture(photo.public_file, "")
        yield {
            "media_url": url,
            "title": str(Photo.Role(photo.role).label),
            "width": size.width,
            "height": size.height,
            "created_at": moments.written(photo.created_at),
        }


def _answers(report: Report) -> Iterator[Document]:
    """Yield the answers that everybody may read, under the question of their time."""
    if not open311.is_published(report):
        return
    kind = kinds_of(report).by_id[report.category_id]
    for question in kind.asked(report.received_at):
        answer = report.answers.get(question.code)
        if answer and question.is_public:
            yield {
                "code": question.code,
                "label": _(question.text),
                "value": attributes.shown(answer, question),
            }


def _note(report: Report, event: ReportEvent) -> Document:
    return {
        "datetime": moments.written(dates.local(event.server_time)),
        "description": _said(report, event),
        "type": event.kind,
    }
