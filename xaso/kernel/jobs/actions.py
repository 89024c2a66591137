"""Put work off until after the commit, do it, try it again.

A task's module is the room's `tasks.py`; every process loads those at its start.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from xaso.kernel.jobs import registry
from xaso.kernel.jobs.models import Failure
from xaso.kernel.jobs.registry import Known, WithoutCommune
from xaso.kernel.jobs.retrying import Patience
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.masking import masked

Function = Callable[..., None]

_LATER = """
INSERT INTO procrastinate_jobs
    (queue_name, task_name, priority, queueing_lock, args, scheduled_at)
VALUES (%s, %s, %s, %s, %s::jsonb, %s)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
_NEXT = """
UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (
    SELECT id FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= clock_timestamp())
    ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, task_name, args
"""
_STALLED = """
SELECT j.id, j.task_name, j.attempts FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing'
  AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
FOR UPDATE OF j SKIP LOCKED
"""


class Person(Protocol):
    """Who asks: an `Actor` of the log book, which stands beside this room."""

    @property
    def id(self) -> str:
        """Return the actor's key."""


class NotGivenUp(NotFound):
    """There is no such job that was given up."""

    sentence = _("Việc này không còn nằm trong danh sách hỏng. Bác tải lại trang để xem.")


class AlreadyWaiting(Refusal):
    """The same work waits already."""

    sentence = _("Việc này đã được xếp hàng lại rồi, không cần thử lại nữa.")


def task(
    name: str, *, queue: str = "default", retries: int = 8, of_commune: bool = True
) -> Callable[[Function], Function]:
    """Register a function as a task: `def warn(*, commune: UUID, report: str) -> None`.

    A task of a commune runs inside its commune, in one transaction, and fails without one. It may
    run again after a crash, so it must be written so that the second time changes nothing.
    """
    registry.TASKS[name] = known = Known(name, queue, retries, of_commune)

    def register(function: Function) -> Function:
        def work(context: JobContext, /, **args: Any) -> None:  # noqa: ANN401
            _run(known, function, context.job.id or 0, args)

        app.task(name=name, queue=queue, retry=Patience(retries), pass_context=True)(work)
        _FUNCTIONS[name] = function
        return function

    return register


def later(
    name: str,
    *,
    commune: UUID | None,
    key: str = "",
    args: Mapping[str, Any] | None = None,
    run_at: datetime | None = None,
) -> None:
    """Put a task off until after this transaction commits; a rollback puts off nothing.

    `args` are plain values (ids), never personal data. While a job with the same task, commune and
    `key` waits, no second one is added. Refuses with UnknownTask and WithoutCommune.
    """
    known = registry.named(name)
    if known.of_commune and commune is None:
        raise WithoutCommune(name)
    place = {"commune": str(commune)} if commune else {}
    lock = f"{commune or ''}/{name}/{key}" if key else None
    priority = registry.PRIORITY.get(known.queue, 0)
    with connection.cursor() as cursor:
        values = json.dumps({**(args or {}), **place}, default=str)
        cursor.execute(_LATER, [known.queue, name, priority, lock, values, run_at])


def every(name: str, cron: str) -> None:
    """Run a task of the installation again and again; the cron line is in Vietnamese time."""
    registry.PERIODIC[name] = cron


def do_now(limit: int = 1_000) -> int:
    """Do the jobs that wait and are due, here and now; return how many.

    For filling the demo and for tests; an error ends it. The worker does the same with patience.
    """
    for done in range(limit):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NEXT)
            found = cursor.fetchone()
            if found is None:
                return done
            job, name, args = found
            arguments = args if isinstance(args, dict) else json.loads(args)
            _inside(registry.named(name), _FUNCTIONS[name], arguments)
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [job])
    return limit


@transaction.atomic
def retry(job_id: int, *, by: Person, commune: UUID | None = None) -> ProcrastinateJob:
    """Let a job that was given up run again and return it; with a commune, only one of its own.

    The log book stands beside this room: who calls this writes the line. Refuses with NotGivenUp
    and AlreadyWaiting.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'failed' "
            "AND (%s::text IS NULL OR args ->> 'commune' = %s) FOR UPDATE",
            [job_id, commune and str(commune), commune and str(commune)],
        )
        if cursor.fetchone() is None:
            raise NotGivenUp
        try:
            with transaction.atomic():
                cursor.execute(
                    "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id]
                )
        except IntegrityError as error:
            raise AlreadyWaiting from error
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = %s", [job_id])
    Failure.objects.filter(job_id=job_id, retried_by="").update(retried_by=by.id)
    job: ProcrastinateJob = ProcrastinateJob.objects.get(pk=job_id)
    return job


@transaction.atomic
def give_back_stalled(seconds: float) -> int:
    """Let jobs run again whose worker gave no sign of life for so long; return how many.

    A job that outlives its tries (it may be what kills the worker) is given up instead.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STALLED, [seconds])
        stalled = cursor.fetchall()
        for job, name, attempts in stalled:
            known = registry.TASKS.get(name)
            if known and attempts >= known.retries:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
                Failure.objects.create(job_id=job, task=name, error="The worker was killed.")
            else:
                cursor.execute(
                    "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job]
                )
        cursor.execute(
            "DELETE FROM procrastinate_workers "
            "WHERE last_heartbeat < now() - make_interval(secs => %s)",
            [seconds * 10],
        )
    return len(stalled)


def clear_old(*, done_days: int = 7, failed_days: int = 90) -> None:
    """Forget jobs that succeeded a week ago and those that were given up three months ago."""
    with transaction.atomic(), connection.cursor() as cursor:
        for status, days in (("succeeded", done_days), ("failed", failed_days)):
            old: tuple[str, int] = (status, days)
            cursor.execute(
                "DELETE FROM procrastinate_periodic_defers WHERE job_id IN ("
                "SELECT j.id FROM procrastinate_jobs j JOIN procrastinate_events e "
                "ON e.job_id = j.id WHERE j.status = %s::procrastinate_job_status "
                "GROUP BY j.id HAVING max(e.at) < now() - make_interval(days => %s))",
                old,
            )
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id IN ("
                "SELECT j.id FROM procrastinate_jobs j JOIN procrastinate_events e "
                "ON e.job_id = j.id WHERE j.status = %s::procrastinate_job_status "
                "GROUP BY j.id HAVING max(e.at) < now() - make_interval(days => %s))",
                old,
            )
        cursor.execute(
            "DELETE FROM jobs_failure WHERE at < now() - make_interval(days => %s)", [failed_days]
        )


_FUNCTIONS: dict[str, Function] = {}


def _run(known: Known, function: Function, job: int, args: dict[str, Any]) -> None:
    """Run a task for the worker; keep why it failed, apart from the failed transaction."""
    try:
        _inside(known, function, args)
    except Exception as error:
        said = f"{type(error).__name__}: {masked(str(error))}"
        Failure.objects.create(
            job_id=job, commune_id=args.get("commune"), task=known.name, error=said[:400]
        )
        raise


def _inside(known: Known, function: Function, args: dict[str, Any]) -> None:
    """Run a task inside its commune, or in a plain transaction when it has none."""
    rest = {key: value for key, value in args.items() if key not in {"commune", "timestamp"}}
    commune = UUID(args["commune"]) if args.get("commune") else None
    if commune is None:
        if known.of_commune:
            raise WithoutCommune(known.name)
        with transaction.atomic():
            function(commune=None, **rest)
        return
    with tenancy.inside(commune):
        function(commune=commune, **rest)
