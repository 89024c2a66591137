"""The nightly run of retention, and reports that are kept longer as evidence."""

from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places import queries as places
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import clean_text
from xaso.kernel.working_time import clock
from xaso.reports import retention, rulebook
from xaso.reports.actions import steps
from xaso.reports.actions.retaining import BY_KEY, STEPS, When
from xaso.reports.models import ErasureRun, Hold, Report

BATCH = 200  # rows in one transaction: a second of work, no longer
_LONGEST_HOLD = timedelta(days=366 * 20)


def forget_everywhere() -> None:
    """Put off the first batch of every step in every commune: what the night job does."""
    for commune in places.communes():
        with tenancy.inside(commune.id):
            for step in STEPS:
                _put_off(commune.id, step.key)


def forget_batch(commune: UUID, key: str, *, size: int = BATCH) -> int:
    """Erase one batch of one step inside its commune; return how many rows went.

    A full batch puts the next one off: each is a transaction of its own, and whatever cuts the
    run leaves whole batches behind.
    """
    erased = _one(commune, key, size)
    if erased >= size:
        _put_off(commune, key)
    return erased


def forget_now(commune: UUID, *, size: int = BATCH) -> dict[str, int]:
    """Erase everything that is due in a commune, batch by batch; return how many rows by step.

    For measuring and for the command line; the night job does the same through the queue.
    """
    done = {}
    for step in STEPS:
        done[step.key] = 0
        while True:
            with tenancy.inside(commune):
                erased = _one(commune, step.key, size)
            done[step.key] += erased
            if erased < size:
                break
    return done


def _one(commune: UUID, key: str, size: int) -> int:
    step = BY_KEY[key]
    began = perf_counter()
    when = When(commune, rulebook.of(commune), clock.now())
    rows = step.due(when)
    locked = rows.model._default_manager.select_for_update(skip_locked=True)  # noqa: SLF001
    due = rows.order_by("pk").values_list("pk", flat=True)[:size]
    keys = list(locked.filter(pk__in=list(due)).order_by("pk").values_list("pk", flat=True))
    erased = step.erase(when, keys) if keys else 0
    _note(commune, key, len(keys), perf_counter() - began, is_last=len(keys) < size)
    return len(keys) if erased else 0


_UPSERT = """
INSERT INTO reports_erasurerun AS r
    (commune_id, day, rule, rows, batches, seconds, began_at, ended_at)
VALUES (%s, %s, %s, %s, 1, %s, %s, %s)
ON CONFLICT (commune_id, day, rule) DO UPDATE SET rows = r.rows + excluded.rows,
    batches = r.batches + 1, seconds = r.seconds + excluded.seconds, ended_at = excluded.ended_at
RETURNING id
"""


def _note(commune: UUID, key: str, count: int, seconds: float, *, is_last: bool) -> None:
    """Keep what was done, and log it when it was something."""
    now = clock.now()
    ended = now if is_last else None
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [commune, retention.today(), key, count, seconds, now, ended])
        run = cursor.fetchone()[0]
    if count:
        changes = {"rule": key, "rows": count}
        audit.record(
            "reports.forgot", ErasureRun(pk=run), by=SYSTEM, commune=commune, changes=changes
        )


def _put_off(commune: UUID, key: str) -> None:
    jobs.later("reports.forget_batch", commune=commune, key=key, args={"step": key})


@dataclass(frozen=True)
class NewHold:
    """Which report is kept, why, and until which day."""

    code: str
    reason: str
    until: date | None


@transaction.atomic
def hold(commune: UUID, new: NewHold, *, by: Actor) -> Hold:
    """Keep one report as evidence until a day; a hold that stands is prolonged or shortened.

    Refuses with Invalid (errors by field).
    """
    found = Report.objects.filter(commune=commune, code=new.code).first()
    reason = clean_text(new.reason)[:500]
    today = retention.today()
    errors: dict[str, list[str]] = {}
    if found is None:
        errors["code"] = [str(_("Không có phản ánh mang mã này."))]
    if len(reason) < 10:  # a word explains nothing
        errors["reason"] = [str(_("Bác ghi vì sao phải giữ, ai yêu cầu."))]
    if new.until is None or not today < new.until <= today + _LONGEST_HOLD:
        errors["until"] = [str(_("Bác chọn ngày hết giữ, sau hôm nay."))]
    if errors or found is None:
        raise Invalid(errors=errors)
    report = steps.locked(found)
    row = Hold.objects.filter(report=report, ended_at__isnull=True).first() or Hold(
        commune_id=commune, report=report, held_at=clock.now()
    )
    row.reason, row.until, row.held_by_id = reason, new.until, int(by.id)  # type: ignore[assignment]
    row.save()
    changes = {"until": row.until.isoformat()}
    audit.record("reports.held", row, by=by, commune=commune, changes=changes)
    return row


@transaction.atomic
def end_hold(commune: UUID, key: int, *, by: Actor) -> Hold:
    """Let a report go again: the rules of retention hold for it from tonight. Once is enough."""
    row = Hold.objects.select_for_update().filter(commune=commune, pk=key).first()
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        audit.record("reports.hold_ended", row, by=by, commune=commune)
    return row
