"""Several reports of one thing become one; each sender keeps their own code."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import NotFound, Sentence
from xaso.kernel.working_time import clock
from xaso.reports import history
from xaso.reports.actions import deciding, following, steps
from xaso.reports.history import Said
from xaso.reports.models import DuplicateSuggestion, Follower, Photo, Report, State

_RECENT = timedelta(days=30)  # an answered report can still take others in


@transaction.atomic
def mark_duplicate(
    report: Report, parent: Report, *, by: Actor, version: int | None = None
) -> Report:
    """Merge a report into another: its children, followers and sender move to the parent."""
    current, target = _both(report, parent)
    objection = _why_not(current, target)
    step = steps.take(current, "mark_duplicate", by=by, version=version, parent_objection=objection)
    _move_children(current, target, by)
    current.parent = target
    current.acked_at = current.acked_at or step.now
    _move_followers(current, target)
    current.follower_count = 0
    merged = step.finish(Said(facts={"parent": target.pk, "parent_code": target.code}))
    _tell_parent(target, current, by)
    deciding.keep(merged, target, DuplicateSuggestion.Decision.MERGED, by=by)
    return merged


@transaction.atomic
def separate(report: Report, *, by: Actor, version: int | None = None) -> Report:
    """Take a merged report out again; its clock never paused."""
    current = steps.locked(report)
    step = steps.take(current, "separate", by=by, version=version)
    parent = current.parent
    current.parent = None
    if parent is not None:
        _move_back(current, parent)
    return step.finish(Said(facts={"parent": parent.pk if parent else None}))


def _both(report: Report, parent: Report) -> tuple[Report, Report]:
    """Lock both rows in the order of their keys, so that two merges cannot wait for each other."""
    keys = sorted({report.pk, parent.pk})
    rows = Report.objects.select_for_update(of=("self",)).select_related("unit", "village")
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
    if report.pk not in found or parent.pk not in found:
        raise NotFound
    return found[report.pk], found[parent.pk]


def _why_not(report: Report, parent: Report) -> Sentence | None:
    if parent.pk == report.pk:
        return _("Không gộp một phản ánh vào chính nó.")
    if parent.is_sealed or report.is_sealed:
        return _("Đơn giữ kín không gộp được.")
    if parent.state == State.DUPLICATE:
        return _("Phản ánh đó đã gộp vào phản ánh khác. Bác gộp vào phản ánh gốc.")
    is_recent = parent.answered_at is not None and parent.answered_at > clock.now() - _RECENT
    if parent.is_open or (parent.state in (State.ANSWERED, State.CLOSED) and is_recent):
        return None
    return _("Phản ánh đó đã đóng từ lâu. Bác chọn phản ánh đang xử lý.")


def _move_children(report: Report, parent: Report, by: Actor) -> None:
    """Hang a report's own duplicates under the parent first: the tree has one level."""
    for child in Report.objects.select_for_update().filter(parent=report).order_by("pk"):
        child.parent = parent
        child.touched_at = clock.now()
        facts = {"parent": parent.pk, "parent_code": parent.code}
        line = history.event(child, "moved", child.state, Said(facts=facts), by)
        line.save(force_insert=True)
        child.save(force_update=True)


def _move_followers(report: Report, parent: Report) -> None:
    """Make the sender a follower of the parent, and take the other followers along.

    Whoever followed both stays once; their other code still opens the page.
    """
    now = clock.now()
    Follower.objects.update_or_create(
        report=parent,
        from_code=report.code,
        defaults={
            "commune_id": report.commune_id,
            "first_report": parent,
            "reporter_id": report.reporter_id,
            "device_hash": "",
            "confirmed_at": now,
            "ended_at": None,
        },
        create_defaults={
            "commune_id": report.commune_id,
            "first_report": parent,
            "reporter_id": report.reporter_id,
            "confirmed_at": now,
            "created_at": now,
        },
    )
    rows = Follower.objects.filter(report=parent, ended_at__isnull=True)
    devices = set(rows.exclude(device_hash="").values_list("device_hash", flat=True))
    for follower in Follower.objects.filter(report=report):
        if follower.device_hash and follower.device_hash in devices | {parent.device_hash}:
            follower.ended_at = follower.ended_at or now
        follower.report = parent
        follower.save(update_fields=["report", "ended_at"])
    following.recount(parent)


def _move_back(report: Report, parent: Report) -> None:
    """End the sender's following, and give back who followed this report first."""
    rows = Follower.objects.filter(report=parent)
    rows.filter(from_code=report.code).update(ended_at=clock.now())
    rows.filter(first_report=report, from_code="").update(report=report)
    following.recount(parent)
    following.recount(report)


def _tell_parent(parent: Report, child: Report, by: Actor) -> None:
    parent.touched_at = clock.now()
    photos = Photo.objects.filter(report=child, state=Photo.State.RECEIVED).count()
    said = Said(facts={"child": child.pk, "child_code": child.code, "photos": photos})
    line = history.event(parent, "took_in", parent.state, said, by)
    line.save(force_insert=True)
    parent.save(force_update=True)
    steps.announce(parent)
