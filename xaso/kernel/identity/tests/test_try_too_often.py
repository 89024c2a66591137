"""Trying too often: counted exactly, also when the request itself is refused."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from xaso.kernel.identity import actions
from xaso.kernel.identity.models import Throttle
from xaso.kernel.refusals import TooMany
from xaso.kernel.working_time import clock

HOUR = timedelta(hours=1)


def _tries(key: str, times: int, limit: int = 5) -> int:
    """Return how many of some tries fitted."""
    fitted = 0
    for _ in range(times):
        try:
            actions.take(key, limit=limit, per=HOUR)
            fitted += 1
        except TooMany:
            pass
    return fitted


@pytest.mark.django_db
def test_the_sixth_try_waits_its_turn() -> None:
    key = str(uuid4())
    start = clock.now()
    with clock.at(start):
        assert _tries(key, 5) == 5
        with pytest.raises(TooMany) as refused:
            actions.take(key, limit=5, per=HOUR)
        assert refused.value.retry_after == 12 * 60
    with clock.at(start + timedelta(minutes=12)):
        assert _tries(key, 3) == 1
    with clock.at(start + timedelta(days=2)):
        assert _tries(key, 10) == 5


@pytest.mark.django_db
def test_a_refused_request_still_counts() -> None:
    key = str(uuid4())
    for _ in range(5):
        with transaction.atomic():
            actions.take(key, limit=5, per=HOUR)
            transaction.set_rollback(True)
    with pytest.raises(TooMany):
        actions.take(key, limit=5, per=HOUR)


@pytest.mark.django_db
def test_communes_count_apart_and_the_right_password_clears(binh_lu, ban_bo) -> None:
    key = str(uuid4())
    assert _tries(key, 6) == 5
    actions.take(key, limit=5, per=HOUR, commune=binh_lu.id)
    actions.take(key, limit=5, per=HOUR, commune=ban_bo.id)
    assert actions.level(key, limit=5, per=HOUR, commune=ban_bo.id) == pytest.approx(1, abs=0.1)
    actions.forget(key)
    assert actions.level(key, limit=5, per=HOUR) == 0
    assert _tries(key, 6) == 5


def test_twenty_people_at_once_share_one_bucket_exactly(committed: str) -> None:
    fitted: list[int] = []
    gate = threading.Barrier(20)

    def one() -> None:
        gate.wait()
        fitted.append(_tries("shared", 10, limit=50))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    with clock.at(clock.now()):
        [t.start() for t in threads]
        [t.join() for t in threads]
    # 200 tries run in well under the 72 seconds that one more token of 50 an hour takes.
    assert sum(fitted) == 50


def test_the_count_survives_a_lost_connection(committed: str) -> None:
    actions.take("lost", limit=2, per=HOUR)
    from xaso.kernel.identity.actions.tries import _counter

    _counter.wire.pgconn.finish()
    actions.take("lost", limit=2, per=HOUR)
    with pytest.raises(TooMany):
        actions.take("lost", limit=2, per=HOUR)


def test_several_buckets_fill_in_turn_until_one_is_full(committed: str) -> None:
    crowd, mine, look = (actions.Bucket(name, limit, HOUR) for name, limit in _SIZES)
    assert [actions.fill([crowd, mine, look]) for _ in range(4)] == [3, 2, 1, 0]
    # What stands after a full bucket did not count the try.
    assert [_level(bucket) for bucket in (crowd, mine, look)] == [3, 2, 1]


_SIZES = (("crowd", 3), ("mine", 2), ("look", 1))


def _level(bucket: actions.Bucket) -> int:
    return round(actions.level(bucket.key, limit=bucket.limit, per=bucket.per))


def test_old_buckets_are_swept(committed: str) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        actions.take("old", limit=2, per=HOUR)
    actions.take("new", limit=2, per=HOUR)
    assert Throttle.objects.count() == 2
    actions.tidy()
    assert Throttle.objects.count() == 1


def test_the_table_is_unlogged_and_keeps_no_addresses(committed: str) -> None:
    actions.take("address:10.0.0.7", limit=2, per=HOUR)
    assert "10.0.0.7" not in Throttle.objects.get().key
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'identity_throttle'")
        assert cursor.fetchone()[0] == "u"
