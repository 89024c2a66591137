"""Rows per table, the first thing a restored backup must agree about."""

import psycopg
from psycopg import sql

from xaso.cli.words import Trouble

TABLES = (
    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public' ORDER BY 1"
)


def tables(connection: psycopg.Connection) -> list[str]:
    """List the tables of the public schema."""
    return [row[0] for row in connection.execute(TABLES)]


def rows(connection: psycopg.Connection) -> dict[str, int]:
    """Count the rows of every table; the role must see all of them."""
    counted = {}
    for table in tables(connection):
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.strip('"')))
        row = connection.execute(statement).fetchone()
        counted[table] = row[0] if row else 0
    return counted


def refuse_difference(before: dict[str, int], after: dict[str, int]) -> None:
    """Refuse when two counts disagree anywhere, naming the tables."""
    names = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
    if names:
        lines = "\n".join(f"  {n}: {before.get(n, '-')} → {after.get(n, '-')}" for n in names)
        raise Trouble(
            f"Số dòng không khớp, bản phục hồi KHÔNG dùng được:\n{lines}",
            f"The row counts differ, this copy must NOT be used:\n{lines}",
        )
