"""A room puts work off; it happens after the commit, once, in its commune, or is seen as dead."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.jobs import Job

from xaso.kernel.jobs import actions, queries, registry
from xaso.kernel.jobs.models import Failure
from xaso.kernel.jobs.retrying import Patience, delay
from xaso.kernel.jobs.tests import doing
from xaso.kernel.jobs.worker import local_cron
from xaso.kernel.refusals import Refusal

ADMIN = SimpleNamespace(id="1")
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def done() -> list:
    doing.done.clear()
    return doing.done


def _jobs() -> int:
    return queries.counts().get("todo", 0)


def test_work_is_done_in_its_commune(binh_lu, done) -> None:
    actions.later("test.note", commune=binh_lu.id, args={"what": "nhắc"})
    assert actions.do_now() == 1
    assert done == [(binh_lu.id, "nhắc")]
    assert queries.counts() == {"succeeded": 1}


def test_a_rolled_back_transaction_puts_off_nothing(binh_lu) -> None:
    with transaction.atomic():
        actions.later("test.note", commune=binh_lu.id)
        transaction.set_rollback(True)
    assert _jobs() == 0


def test_the_same_key_waits_once_and_may_come_again_when_done(binh_lu, ban_bo, done) -> None:
    for _turn in range(3):
        actions.later("test.note", commune=binh_lu.id, key="bảng")
    actions.later("test.note", commune=ban_bo.id, key="bảng")
    assert _jobs() == 2
    actions.do_now()
    actions.later("test.note", commune=binh_lu.id, key="bảng")
    assert actions.do_now() == 1
    assert len(done) == 3


def test_putting_off_costs_one_statement(binh_lu, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        actions.later("test.note", commune=binh_lu.id, key="một")


def test_work_for_later_waits_for_its_time(binh_lu) -> None:
    actions.later("test.note", commune=binh_lu.id, run_at=timezone.now() + timedelta(hours=1))
    assert actions.do_now() == 0
    assert queries.oldest_waiting() is None


def test_critical_work_comes_first(binh_lu, done) -> None:
    actions.later("test.note", commune=binh_lu.id, args={"what": "chậm"})
    connection.cursor().execute("UPDATE procrastinate_jobs SET priority = -10")
    actions.later("test.note", commune=binh_lu.id, args={"what": "gấp"})
    actions.do_now()
    assert [what for _, what in done] == ["gấp", "chậm"]


def test_an_unknown_task_is_refused_where_it_is_put_off(binh_lu) -> None:
    with pytest.raises(registry.UnknownTask):
        actions.later("test.nobody", commune=binh_lu.id)


def test_a_task_of_a_commune_is_nothing_without_one(done) -> None:
    with pytest.raises(registry.WithoutCommune):
        actions.later("test.note", commune=None)
    connection.cursor().execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'test.note')"
    )
    with pytest.raises(registry.WithoutCommune):
        actions.do_now()
    assert not done


def test_a_task_of_the_installation_runs_without_a_commune(done) -> None:
    actions.later("test.of_no_commune", commune=None)
    actions.do_now()
    assert done == [(None, None)]


def test_how_long_the_oldest_has_waited(binh_lu) -> None:
    assert queries.oldest_waiting() is None
    actions.later("test.note", commune=binh_lu.id)
    assert queries.oldest_waiting() == 0
    connection.cursor().execute("UPDATE procrastinate_events SET at = at - interval '90 s'")
    assert queries.oldest_waiting() == 90


def test_pauses_grow_and_differ() -> None:
    assert [delay(n, 1.0) for n in range(4)] == [5, 10, 20, 40]
    assert delay(30, 1.5) == 5400
    job = Job(id=1, lock=None, queueing_lock=None, task_name="x", queue="default", attempts=1)
    soon = Patience(2).get_retry_decision(exception=OSError(), job=job)
    wait = (soon.retry_at - timezone.now()).total_seconds()
    assert 4 < wait <= 15


def test_it_is_given_up_after_its_tries_and_at_once_when_refused() -> None:
    job = Job(id=1, lock=None, queueing_lock=None, task_name="x", queue="default", attempts=2)
    assert Patience(2).get_retry_decision(exception=OSError(), job=job) is None
    assert Patience(9).get_retry_decision(exception=Refusal(), job=job) is None


@pytest.fixture
def dead_job(binh_lu) -> int:
    actions.later("test.note", commune=binh_lu.id, key="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 3 RETURNING id")
        (job,) = cursor.fetchone()
    Failure.objects.create(job_id=job, commune_id=binh_lu.id, task="test.note", error="OSError: no")
    return job


def test_the_administrator_sees_a_dead_job_and_tries_again(dead_job, binh_lu, ban_bo, done) -> None:
    (seen,) = queries.dead(commune=binh_lu.id)
    assert (seen.id, seen.task, seen.tries, seen.error) == (dead_job, "test.note", 3, "OSError: no")
    assert queries.dead(commune=ban_bo.id) == []
    with pytest.raises(actions.NotGivenUp):
        actions.retry(dead_job, by=ADMIN, commune=ban_bo.id)
    actions.retry(dead_job, by=ADMIN, commune=binh_lu.id)
    assert queries.dead() == []
    assert Failure.objects.get().retried_by == "1"
    actions.do_now()
    assert len(done) == 1


def test_a_dead_job_is_not_doubled(dead_job, binh_lu) -> None:
    actions.later("test.note", commune=binh_lu.id, key="x")
    with pytest.raises(actions.AlreadyWaiting):
        actions.retry(dead_job, by=ADMIN)


def test_dead_jobs_are_drawn_from_plain_values(dead_job) -> None:
    from django.template.loader import render_to_string

    html = render_to_string(
        "jobs/parts/_dead.html", {"jobs": queries.dead(), "address": "/thu-lai/"}
    )
    assert "test.note" in html
    assert f'value="{dead_job}"' in html


def test_jobs_of_long_ago_are_forgotten(binh_lu) -> None:
    actions.later("test.note", commune=binh_lu.id)
    actions.do_now()
    actions.clear_old()
    assert queries.counts() == {"succeeded": 1}
    connection.cursor().execute("UPDATE procrastinate_events SET at = at - interval '8 days'")
    actions.clear_old()
    assert queries.counts() == {}


def test_a_job_that_keeps_killing_its_worker_is_given_up(binh_lu) -> None:
    actions.later("test.break", commune=binh_lu.id)
    connection.cursor().execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 2")
    assert actions.give_back_stalled(30) == 1
    assert len(queries.dead()) == 1


def test_the_clock_is_the_communes_clock() -> None:
    line = local_cron("5 0 * * *")
    line.set_current(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp())
    assert datetime.fromtimestamp(line.get_next(float), UTC) == datetime(
        2026, 11, 23, 17, 5, tzinfo=UTC
    )
