"""A log book with something in it, and a way to tamper with it as only a superuser can."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from xaso.kernel.audit import actions
from xaso.kernel.audit.actors import Actor
from xaso.kernel.tenancy import actions as tenancy

CLERK = Actor("official", "7", "desk", frozenset({"one_stop_clerk", "officer"}), 3, "device:9")


def write(commune, count: int) -> list[int]:
    """Write some lines about the commune itself."""
    with tenancy.inside(commune.id):
        return [
            actions.record("test.done", commune, by=CLERK, commune=commune.id, changes={"n": n})
            for n in range(count)
        ]


@contextmanager
def in_vain() -> Iterator[None]:
    """Undo whatever the block did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def as_superuser(connect_as: Callable[[str], None]) -> Callable[[], None]:
    """Return a function that goes on as the database's superuser, triggers switched off."""

    def become() -> None:
        connect_as("postgres")
        connection.cursor().execute("SET session_replication_role = replica")

    return become
