"""Buckets of tries, counted apart from the request's own transaction.

A refused request is rolled back; its try must stay counted, and a bucket many people share must
not be locked until the slowest of them is done. So the count runs on a connection of its own,
one per process, in one statement per try.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import TooMany
from xaso.kernel.working_time import clock

LIFE = timedelta(days=1)
_DRAINED = (
    "greatest(0, t.level - greatest(0, extract(epoch FROM %(at)s - t.drained_at)) * %(rate)s)"
)
# Several buckets in one statement: each is filled only when the one before it still had room.
_STEP = f"""
    step_{{n}} AS (
        INSERT INTO identity_throttle AS t (key, level, drained_at)
        SELECT %(key_{{n}})s, 1, %(at)s {{before}}
        ON CONFLICT (key) DO UPDATE
            SET level = {_DRAINED.replace("%(rate)s", "%(rate_{n})s")} + 1,
                drained_at = greatest(t.drained_at, %(at)s)
            WHERE {_DRAINED.replace("%(rate)s", "%(rate_{n})s")} + 1 <= %(limit_{{n}})s
        RETURNING level
    )"""  # noqa: S608  (only our own constants)
_COUNTED = "(SELECT count(*) FROM step_{n})"
_LEVEL = f"SELECT {_DRAINED} FROM identity_throttle t WHERE key = %(key)s"  # noqa: S608


class _Counter:
    """The process's own connection, made when first needed and again when it broke."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made_for: tuple[object, ...] = ()
        self.wire: psycopg.Connection[tuple[Any, ...]] | None = None

    def run(self, sql: str, values: dict[str, object]) -> float | None:
        """Run one statement and return the number it gives, or None without a row."""
        with self.lock:
            try:
                return self._run(sql, values)
            except psycopg.OperationalError:  # the server was restarted: once more
                self._close()
                return self._run(sql, values)

    def _run(self, sql: str, values: dict[str, object]) -> float | None:
        row = self._wire().execute(sql, values)
        found = row.fetchone() if row.description else None
        return float(found[0]) if found else None

    def _wire(self) -> psycopg.Connection[tuple[Any, ...]]:
        address = connection.get_connection_params()
        wanted = (os.getpid(), *(str(address.get(part)) for part in ("host", "port", "dbname")))
        if self.wire is None or self.made_for != wanted or self.wire.closed:
            self._close()
            self.wire = psycopg.connect(**address, autocommit=True)
            self.made_for = wanted
        return self.wire

    def _close(self) -> None:
        if self.wire is not None and self.made_for and self.made_for[0] == os.getpid():
            self.wire.close()
        self.wire = None


_counter = _Counter()


@dataclass(frozen=True)
class Bucket:
    """A subject that may try so often: at most `limit` at once, refilled evenly over `per`."""

    key: str
    limit: int
    per: timedelta

    @property
    def rate(self) -> float:
        """Return how much room comes back each second."""
        return self.limit / self.per.total_seconds()


class AddressIsSlow(TooMany):
    """Many wrong tries came from this address lately: each next one has to wait a little."""

    sentence = _(
        "Đường mạng này vừa có nhiều lần vào sai. Bác chờ %(seconds)d giây rồi bấm lại giúp."
    )


def take(key: str, *, limit: int, per: timedelta, commune: UUID | None = None) -> None:
    """Count one try under a key; at most `limit` at once, refilled evenly over `per`.

    The count stays even when the request is refused later. Refuses with TooMany, whose
    `retry_after` says when the next try fits.
    """
    bucket = Bucket(key, limit, per)
    if not fill([bucket], commune=commune):
        raise TooMany(retry_after=wait(bucket, commune=commune))


def fill(buckets: Sequence[Bucket], *, commune: UUID | None = None) -> int:
    """Count one try in each bucket in turn, until one is full; return how many took it.

    One statement however many buckets; a bucket after a full one does not count the try.
    """
    steps: list[str] = []
    values: dict[str, object] = {"at": clock.now()}
    for n, bucket in enumerate(buckets):
        before = f"FROM step_{n - 1}" if n else ""
        steps.append(_STEP.format(n=n, before=before))
        key, limit, rate = _digest(bucket.key, commune), bucket.limit, bucket.rate
        values |= {f"key_{n}": key, f"limit_{n}": limit, f"rate_{n}": rate}
    counted = " + ".join(_COUNTED.format(n=n) for n in range(len(steps)))
    return int(_counter.run(f"WITH {', '.join(steps)} SELECT {counted}", values) or 0)


def wait(bucket: Bucket, *, commune: UUID | None = None) -> int:
    """Return the whole seconds until the next try fits into a full bucket."""
    full = level(bucket.key, limit=bucket.limit, per=bucket.per, commune=commune)
    return ceil((full + 1 - bucket.limit) / bucket.rate)


def level(key: str, *, limit: int, per: timedelta, commune: UUID | None = None) -> float:
    """Return how many tries a bucket holds now, without adding one."""
    rate = limit / per.total_seconds()
    values = {"key": _digest(key, commune), "at": clock.now(), "rate": rate}
    return _counter.run(_LEVEL, values) or 0.0


def forget(key: str, *, commune: UUID | None = None) -> None:
    """Empty a bucket (the right password was given)."""
    _counter.run(
        "DELETE FROM identity_throttle WHERE key = %(key)s", {"key": _digest(key, commune)}
    )


def forget_all() -> None:
    """Empty every bucket: what a fresh installation, and each test, begins with."""
    _counter.run("DELETE FROM identity_throttle", {})


def tidy() -> None:
    """Remove buckets that nobody touched for a day."""
    _counter.run(
        "DELETE FROM identity_throttle WHERE drained_at < %(at)s", {"at": clock.now() - LIFE}
    )


def _digest(key: str, commune: UUID | None) -> str:
    """Return the digest under which a subject is counted: addresses and names are not kept."""
    return hashlib.sha256(f"{commune or ''}\0{key}".encode()).hexdigest()
