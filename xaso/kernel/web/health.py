"""How the installation feels: asked by proxies, service managers and the administrator."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

import xaso
from xaso.kernel import disk
from xaso.kernel.jobs import queries as jobs
from xaso.kernel.web import errors

_FRESH_SECONDS = 60
_PROCESSES = ("worker", "live")
DISK = {
    disk.Level.FINE: "ok",
    disk.Level.WARNING: "warning",
    disk.Level.NO_UPLOADS: "no_uploads",
    disk.Level.READ_ONLY: "read_only",
}


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer status, version, database, worker, live, disk, age of the oldest waiting job.

    200 while the database answers (a missing worker, or a disk that takes no more uploads, makes
    it "degraded"), 503 when it does not. The age is in seconds.
    """
    database = _database()
    processes = {name: process(name) for name in _PROCESSES}
    room = disk.fullest(settings.XASO_HOME)
    is_up = database["status"] == "ok"
    fine = is_up and all(state == "ok" for state in processes.values())
    fine = fine and room.level < disk.Level.NO_UPLOADS
    body = {
        "status": "ok" if fine else "degraded" if is_up else "down",
        "version": xaso.__version__,
        "database": database,
        **processes,
        "disk": {"status": DISK[room.level], "used_percent": round(room.used * 100, 1)},
        "oldest_waiting_job_seconds": jobs.oldest_waiting() if is_up else None,
    }
    response = JsonResponse(body, status=200 if is_up else 503)
    response["Cache-Control"] = "no-store"
    # A screen's start page on its own disk may ask whether somebody is here (it reads nothing).
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if not is_up:
        response["Retry-After"] = str(errors.RETRY_SECONDS)
    return response


def process(name: str) -> str:
    """Return "ok", "down" (its last word is old or bad) or "unknown" (it never said a word)."""
    file = Path(settings.XASO_HOME) / "run" / "health" / f"{name}.json"
    try:
        said: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        age = (timezone.now() - _at(said["at"])).total_seconds()
    except FileNotFoundError:
        return "unknown"
    except (OSError, ValueError, KeyError, TypeError):
        return "down"
    return "ok" if said.get("ok") and age <= _FRESH_SECONDS else "down"


def _at(value: float | str) -> datetime:
    """Return a time written as ISO 8601 or as seconds since 1970."""
    if isinstance(value, str):
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return datetime.fromtimestamp(value, UTC)


def _database() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return {"status": "ok", "version": str(cursor.fetchone()[0])}
    except Exception as error:
        if not errors.is_outage(error):
            raise
        return {"status": "down"}
