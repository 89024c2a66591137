"""What waits, and what was given up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

_DEAD = """
SELECT j.id, j.task_name, j.args ->> 'commune', j.attempts,
    coalesce(f.at, e.at), coalesce(f.error, '')
FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT at, error FROM jobs_failure WHERE job_id = j.id
                   ORDER BY id DESC LIMIT 1) f ON true
LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
WHERE j.status = 'failed' AND (%(commune)s::text IS NULL OR j.args ->> 'commune' = %(commune)s)
    AND j.args @> %(about)s::jsonb
ORDER BY j.id DESC LIMIT %(limit)s
"""
_OLDEST = """
SELECT max(extract(epoch FROM now() - coalesce(j.scheduled_at, e.at)))
FROM procrastinate_jobs j
LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
"""


@dataclass(frozen=True)
class Dead:
    """A job that was given up."""

    id: int
    task: str
    commune: UUID | None
    tries: int
    at: datetime | None
    error: str


def dead(
    limit: int = 100, *, commune: UUID | None = None, about: Mapping[str, str] | None = None
) -> list[Dead]:
    """Return jobs that were given up, newest first; of one commune, or of all.

    `about`: only those that were given these arguments.
    """
    asked = {"limit": limit, "commune": commune and str(commune), "about": json.dumps(about or {})}
    with connection.cursor() as cursor:
        cursor.execute(_DEAD, asked)
        return [
            Dead(job, task, UUID(place) if place else None, tries, at, error)
            for job, task, place, tries, at, error in cursor.fetchall()
        ]


def oldest_waiting() -> int | None:
    """Return for how many seconds the oldest due job has waited, None when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        seconds = cursor.fetchone()[0]
    return None if seconds is None else max(0, int(seconds))


def counts() -> dict[str, int]:
    """Return how many jobs are in each state (todo, doing, succeeded, failed …)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())
