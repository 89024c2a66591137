"""Databases for tests that really commit, rewound afterwards instead of copied for each.

A copy is some 1,400 files: a second, on a busy machine several. What one test leaves is a few dozen
rows. So a database is used again, but only when it is the copy it was: every table, sequence and
definition is compared with what was noted when it was new. Whatever does not come back to that (a
row of the template that was changed, a table that was altered) costs the database, not the check.
"""

from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

from xaso.testing.server import Server

# Where the database's definitions are; whatever makes or alters one writes a row here.
_DEFINITIONS = [
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_default_acl",
    "pg_enum",
    "pg_extension",
    "pg_index",
    "pg_inherits",
    "pg_largeobject_metadata",
    "pg_namespace",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_statistic_ext",
    "pg_trigger",
    "pg_type",
]

# Per table: its rows and the newest transaction that wrote one. Adding and changing raise the
# second, removing lowers the first.
_ROWS = "SELECT {name} AS name, count(*), coalesce(max(xmin::text::bigint), 0) FROM {table}"
_SEQUENCE = "SELECT {name} AS name, last_value, is_called::int FROM {table}"

Facts = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class State:
    """What tells whether a database is as it was."""

    tables: Facts  # rows, newest transaction
    sequences: Facts  # last value, whether it was given out
    definitions: Facts


@dataclass(frozen=True)
class Used:
    """A database and what it was when it was new."""

    name: str
    new: State


class Rewound:
    """One database at a time, kept for the next test when it could be rewound."""

    def __init__(self, server: Server) -> None:
        """Begin without any."""
        self.server = server
        self.spare: Used | None = None

    def take(self) -> Used:
        """Return a database as the template is; used before, or a fresh copy."""
        found, self.spare = self.spare, None
        if found:
            return found
        name = f"xaso_own_{uuid4().hex[:12]}"
        self.server.copy(name)
        with self._inside(name) as connection:
            return Used(name, _state(connection))

    def give_back(self, used: Used) -> None:
        """Rewind it for the next test, or drop it."""
        with suppress(psycopg.Error), self._inside(used.name) as connection:
            _close_others(connection)
            if _rewind(connection, used.new):
                self.spare = used
        if self.spare is not used:
            self.server.drop(used.name)

    def end(self) -> None:
        """Drop what is kept."""
        if self.spare:
            self.server.drop(self.spare.name)
            self.spare = None

    def _inside(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self.server.url(name, "postgres"), autocommit=True)


def _state(connection: psycopg.Connection) -> State:
    kinds = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    tables = [n for (n,) in connection.execute(f"{kinds} AND relkind = 'r' ORDER BY 1")]
    sequences = [n for (n,) in connection.execute(f"{kinds} AND relkind = 'S' ORDER BY 1")]
    return State(
        _facts(connection, _ROWS, tables),
        _facts(connection, _SEQUENCE, sequences),
        _facts(connection, _ROWS, _DEFINITIONS),
    )


def _facts(connection: psycopg.Connection, question: str, tables: list[str]) -> Facts:
    """Ask all tables one question (names as PostgreSQL writes them, quoted where need be)."""
    each = (
        sql.SQL(question).format(name=sql.Literal(name), table=sql.SQL(name)) for name in tables
    )
    answer = connection.execute(sql.SQL(" UNION ALL ").join(each))
    return {name: (first, second) for name, first, second in answer}


def _close_others(connection: psycopg.Connection) -> None:
    """End what is still connected and wait until it is gone: nothing is written afterwards."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type <> 'autovacuum worker'"
    )


def _rewind(connection: psycopg.Connection, new: State) -> bool:
    """Take away what was added; tells whether all is as it was."""
    now = _state(connection)
    if now == new:
        return True
    if now.definitions != new.definitions:
        return False
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, no keys
        for name, (_, newest) in new.tables.items():
            if now.tables[name] != new.tables[name]:
                added = sql.SQL("DELETE FROM {} WHERE xmin::text::bigint > {}")
                connection.execute(added.format(sql.SQL(name), newest))
        for name, (last, is_called) in new.sequences.items():
            if now.sequences[name] != new.sequences[name]:
                given = [name, last, bool(is_called)]
                connection.execute("SELECT setval(%s::regclass, %s, %s)", given)
    return _state(connection) == new
