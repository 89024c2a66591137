"""Enter a commune: every row read or written afterwards belongs to it, by row-level security."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

_SET = "SELECT set_config('app.commune', %s, true)"


class NotInTransaction(RuntimeError):
    """The commune was set outside a transaction: the setting would be gone at once."""


def enter(commune: UUID) -> None:
    """Set the commune for the rest of the open transaction.

    The setting is local to the transaction, so it cannot leak through the connection pool.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("Enter a commune inside transaction.atomic() or use inside().")
    with connection.cursor() as cursor:
        cursor.execute(_SET, [str(commune)])


def leave() -> None:
    """Forget the commune for the rest of the open transaction: tenant tables look empty."""
    with connection.cursor() as cursor:
        cursor.execute(_SET, [""])


@contextmanager
def inside(commune: UUID) -> Iterator[None]:
    """Run a block in one transaction inside one commune, then go back to where we were."""
    nested = connection.in_atomic_block
    before = _current() if nested else ""
    with transaction.atomic():
        enter(commune)
        yield
        if nested:
            with connection.cursor() as cursor:
                cursor.execute(_SET, [before])


@contextmanager
def province(communes: Sequence[UUID]) -> Iterator[None]:
    """Read rows of several communes at once, as the role that can only read.

    Nothing can be written inside: the role has no right to. The web role is a member of
    `xaso_readonly` without inheriting from it, so the wider policy holds in this block alone.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE xaso_readonly")
        cursor.execute(
            "SELECT set_config('app.communes', %s, true)",
            ["{" + ",".join(map(str, communes)) + "}"],
        )
        yield
        cursor.execute("SELECT set_config('app.communes', '', true)")
        cursor.execute("RESET ROLE")


def _current() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.commune', true), '')")
        return str(cursor.fetchone()[0])
