"""Erase reports: of each a tombstone stays, so that its key is used up and the figures stay true.

A report goes with those that were joined to it. Its history goes with it; the tombstone keeps the
head of the chain, and the log book, which holds nobody's words, is not touched.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db import connection, models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.actions import counting, wiping
from xaso.reports.models import (
    Alarm,
    Answer,
    Feedback,
    Follower,
    Hold,
    Report,
    ReportEvent,
    Tombstone,
    Visibility,
)

# Only the database function drops these: history, and what the history needs.
_BY_FUNCTION = {
    "reportevent", "clockentry", "routingtrace", "answer", "alarm", "alarmcall", "report"
}  # fmt: skip


class KeptAsEvidence(Refusal):
    """The report is kept as evidence until a day."""

    sentence = _("Đơn này đang giữ làm chứng cứ đến %(day)s nên chưa xóa được.")


def refuse_if_held(report: Report) -> None:
    """Refuse with KeptAsEvidence while a hold of the report lasts."""
    today = dates.local(clock.now()).date()
    rows = Hold.objects.filter(report=report, ended_at__isnull=True, until__gte=today)
    found = rows.first()
    if found is not None:
        raise KeptAsEvidence(day=dates.ngay(found.until, year=True))


@transaction.atomic
def erase(report: Report, *, rule: str, by: Actor) -> None:
    """Erase one report, with those joined to it. Refuses with KeptAsEvidence."""
    refuse_if_held(report)
    erase_all([report.pk], rule=rule, by=by)


def erase_all(keys: Sequence[int], *, rule: str, by: Actor) -> int:
    """Erase locked reports with their duplicates; return how many went.

    The number of statements grows with their files and log lines alone.
    """
    rows = Report.objects.filter(Q(pk__in=keys) | Q(parent__in=keys))
    found = list(rows.select_related("village").order_by("pk"))
    if not found:
        return 0
    gone = [report.pk for report in found]
    stones = _stones(found, rule)
    Tombstone.objects.bulk_create(stones)
    for stone, report in zip(stones, found, strict=True):
        changes = {"rule": rule, "events": stone.events, "head": stone.last_hash}
        audit.record("report.erased", report, by=by, commune=report.commune_id, changes=changes)
    files = _files(gone)
    people = _people(gone)
    notifications.forget_about(Report, gone, commune=found[0].commune_id)
    _drop_rows(gone)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reports_forget(%s)", [gone])
    wiping.forget_unnamed(found[0].commune_id, people)
    wiping.drop_files(files, by=by)
    return len(gone)


def _stones(found: Sequence[Report], rule: str) -> list[Tombstone]:
    keys = [report.pk for report in found]
    kinds = catalogue.of(found[0].commune_id)
    counted = ReportEvent.objects.filter(report__in=keys).values("report").order_by("report")
    events = {row["report"]: row["n"] for row in counted.annotate(n=Count("id"))}
    scores = Feedback.objects.filter(report__in=keys, person="sender").order_by("at")
    score = dict(scores.values_list("report", "score"))
    answered = set(Answer.objects.filter(report__in=keys).values_list("report", flat=True))
    now = clock.now()
    return [
        Tombstone(
            commune_id=report.commune_id,
            report_key=report.pk,
            uuid=report.uuid,
            code=report.code,
            category=kinds.by_id[report.category_id].code,
            village=report.village.code if report.village else "",
            received_month=dates.local(report.received_at).date().replace(day=1),
            state=report.state,
            outcome=report.outcome,
            reason_code=report.reason_code,
            on_time=counting.on_time(report) if report.pk in answered else "",
            score=score.get(report.pk),
            was_public=report.visibility == Visibility.PUBLIC,
            follower_count=report.follower_count,
            reopen_count=report.reopen_count,
            last_hash=report.last_hash,
            events=events.get(report.pk, 0),
            deleted_at=now,
            rule=rule,
        )
        for report in found
    ]


def _files(gone: Sequence[int]) -> list[Attachment]:
    """Return every file that the rows of these reports name."""
    keys: set[int] = set()
    for model, path, field in _naming(Attachment):
        rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(
            **{f"{path}__in": gone, f"{field}__isnull": False}
        )
        keys |= set(rows.values_list(field, flat=True))
    return list(Attachment.objects.filter(pk__in=keys))


def _people(gone: Sequence[int]) -> set[int]:
    rows = Report.objects.filter(pk__in=gone, reporter__isnull=False)
    more = Follower.objects.filter(report__in=gone, reporter__isnull=False)
    return {*rows.values_list("reporter", flat=True), *more.values_list("reporter", flat=True)}


def _drop_rows(gone: Sequence[int]) -> None:
    """Drop what belongs to these reports, table by table; foreign keys are looked at at the end."""
    Follower.objects.filter(first_report__in=gone).exclude(report__in=gone).update(
        first_report=None
    )
    Alarm.objects.filter(joined__report__in=gone).exclude(report__in=gone).update(joined=None)
    for model, path in _belonging():
        if model._meta.model_name in _BY_FUNCTION:
            continue
        models.QuerySet(model).filter(**{f"{path}__in": gone})._raw_delete(  # noqa: SLF001
            "default"
        )


@lru_cache(maxsize=1)
def _belonging() -> tuple[tuple[type[models.Model], str], ...]:
    """Return every table that belongs to a report, with the way to it; the farthest first.

    Read from the models: a table somebody adds later is dropped too.
    """
    near: list[tuple[type[models.Model], str]] = []
    far: list[tuple[type[models.Model], str]] = []
    for model, field in _pointing_at(Report):
        if field == "other":
            far.append((model, field))
        elif model is not Report and field != "first_report":
            near.append((model, field))
    for parent, way in near:
        for model, field in _pointing_at(parent):
            if all(model is not known for known, _way in near) and model is not Report:
                far.append((model, f"{field}__{way}"))
    return (*far, *near)


def _naming(target: type[models.Model]) -> list[tuple[type[models.Model], str, str]]:
    """Return the tables of a report that name a file: model, way to the report, field."""
    return [
        (model, path, field)
        for model, path in _belonging()
        for pointing, field in _pointing_at(target)
        if pointing is model
    ]


def _pointing_at(target: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    rows = target._meta.get_fields(include_hidden=True)
    return [
        (each.related_model, each.field.name)
        for each in rows
        if isinstance(each, models.ForeignObjectRel) and not isinstance(each, models.ManyToManyRel)
    ]
