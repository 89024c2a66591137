"""A real worker does real jobs, and a killed one loses none."""

import signal
import subprocess

import pytest
from django.db import connection

from xaso.kernel.jobs import actions, queries, worker
from xaso.kernel.jobs.models import Failure
from xaso.kernel.jobs.tests import doing  # noqa: F401 - registers the tasks
from xaso.kernel.tenancy import actions as tenancy

pytestmark = [pytest.mark.chaos, pytest.mark.cluster]


def _count(table: str, where: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
        return cursor.fetchone()[0]


def _effects(commune) -> int:
    with tenancy.inside(commune.id):
        return _count("audit_entry", "action = 'test.effect'")


def test_a_job_survives_the_kill_of_its_worker(
    committed, binh_lu, start_worker, until, tmp_path
) -> None:
    trace = tmp_path / "trace"
    actions.later("test.write", commune=binh_lu.id, args={"file": str(trace), "killed_after": 1})
    first = start_worker()
    assert first.wait(60) == -signal.SIGKILL
    assert _effects(binh_lu) == 0
    start_worker()
    until(lambda: _effects(binh_lu))  # other jobs, which the clock puts off, succeed meanwhile
    assert trace.read_text().splitlines() == ["tried", "tried"]
    assert _effects(binh_lu) == 1


def test_lines_are_sealed_while_the_worker_runs(
    committed, binh_lu, start_worker, until, tmp_path
) -> None:
    assert _count("audit_pending") == 1
    process = start_worker()
    until(lambda: _count("audit_pending") == 0)
    until(lambda: _count("audit_dailyseal") == 1)
    until((tmp_path / "run/health/worker.json").exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_a_failed_job_waits_and_says_why_without_names(
    committed, binh_lu, start_worker, until
) -> None:
    actions.later("test.break", commune=binh_lu.id)
    actions.later("test.refuse", commune=binh_lu.id)
    start_worker()
    until(queries.dead)
    (refused,) = queries.dead()
    assert refused.error.startswith("Refusal")
    until(lambda: Failure.objects.filter(task="test.break").exists())
    assert (
        Failure.objects.filter(task="test.break").first().error
        == "OSError: line of ••• to ••• is down"
    )
    until(lambda: queries.counts().get("todo") == 1)


def test_a_worker_lives_through_a_restart_of_the_database(
    binh_lu, start_worker, until, connect_as, tmp_path
) -> None:
    trace = tmp_path / "trace"
    process = start_worker()
    actions.later("test.write", commune=binh_lu.id, args={"file": str(trace)})
    until(trace.exists)
    connect_as("postgres")
    connection.cursor().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    connect_as("xaso_app")
    actions.later("test.write", commune=binh_lu.id, args={"file": str(trace)})
    until(lambda: len(trace.read_text().splitlines()) >= 2)
    assert process.poll() is None


@pytest.mark.parametrize("role", ["postgres", "xaso_owner"])
def test_a_worker_refuses_a_role_that_sees_every_commune(
    committed, binh_lu, start_worker, role
) -> None:
    process: subprocess.Popen = start_worker(committed.replace("xaso_app", role), LISTEN="1")
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 1
    assert "Connect as xaso_app" in said


def test_slow_work_has_one_hand_of_its_own() -> None:
    assert worker._hands(["critical", "slow"], 4) == [(["critical"], 3), (["slow"], 1)]
    assert worker._hands(["slow"], 1) == [(["slow"], 1)]
