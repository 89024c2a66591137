"""Tasks for the tests, as a room would write them."""

import os
import signal
import time
from pathlib import Path
from uuid import UUID

from django.db import connection

from xaso.kernel.jobs.actions import task
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import queries as tenancy

done: list[tuple[UUID | None, object]] = []


@task("test.note")
def note(*, commune: UUID, what: str = "") -> None:
    assert tenancy.current() == commune
    done.append((commune, what))


@task("test.of_no_commune", of_commune=False)
def of_no_commune(*, commune: None) -> None:
    done.append((commune, tenancy.current()))


@task("test.break", retries=2)
def broken(*, commune: UUID) -> None:
    raise OSError("line of 0912345678 to chi.sung@example.vn is down")


@task("test.refuse")
def refuse(*, commune: UUID) -> None:
    raise Refusal


@task("test.write", retries=5)
def write(*, commune: UUID, file: str, killed_after: int = 0) -> None:
    """Leave a trace outside the database and one inside it; the first try is killed."""
    trace = Path(file)
    tries = len(trace.read_text().splitlines()) if trace.exists() else 0
    with trace.open("a") as stream:
        stream.write("tried\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_append(%s, %s)", [commune, _LINE])
    if tries < killed_after:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)


_LINE = (
    '{"kind":"change","actor_kind":"system","actor_id":"system","roles":"","channel":"job",'
    '"on_behalf_of":"","action":"test.effect","subject_type":"x","subject_id":"1","purpose":"",'
    '"payload":"{}"}'
)
