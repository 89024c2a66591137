"""Roles, database, extensions and default rights; made by the superuser, again at every change.

Who may what (security rests on it, `docs/decisions` tells why):

* `xaso_owner` owns the tables; only migrations connect as it.
* `xaso_app` is the web and the worker: rows only, never tables; row-level security binds it.
* `xaso_readonly` is what a province's reading switches to (`SET LOCAL ROLE`). The app may become
  it but does not inherit it: a policy made for it must not open rows for the app as well.
* `xaso_backup` reads everything, for pg_dump and pg_basebackup.
* `xaso_search` cannot log in; it owns the few SECURITY DEFINER functions that search by index and
  name the commune themselves. The owner may hand functions over to it but does not inherit it.
"""

import hashlib

import psycopg
from psycopg import sql

from xaso.cli.postgres.binaries import EXTENSIONS

ROLES = {
    "xaso_owner": "LOGIN NOINHERIT",
    "xaso_app": "LOGIN NOINHERIT",
    "xaso_readonly": "LOGIN",
    "xaso_backup": "LOGIN REPLICATION BYPASSRLS",
    "xaso_search": "NOLOGIN BYPASSRLS",
}
LIMITS = "NOSUPERUSER NOCREATEDB NOCREATEROLE"
SETTINGS = (
    "ALTER ROLE xaso_app SET statement_timeout = '30s'",
    "ALTER ROLE xaso_app SET idle_in_transaction_session_timeout = '60s'",
    "ALTER ROLE xaso_readonly SET statement_timeout = '30s'",
    "ALTER ROLE xaso_readonly SET default_transaction_read_only = on",
    "GRANT pg_read_all_data TO xaso_backup",
)
MEMBERS = ("GRANT xaso_readonly TO xaso_app", "GRANT xaso_search TO xaso_owner")
DATABASE = (
    "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {name} TO xaso_app, xaso_readonly, xaso_backup",
)
DEFAULTS = "ALTER DEFAULT PRIVILEGES FOR ROLE xaso_owner IN SCHEMA public "
INSIDE = (
    # Named outright: a role that inherits nothing does not act as pg_database_owner.
    "ALTER SCHEMA public OWNER TO xaso_owner",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO xaso_app, xaso_readonly, xaso_backup",
    # Taking over a function needs the right to create in its schema.
    "GRANT USAGE, CREATE ON SCHEMA public TO xaso_search",
    DEFAULTS + "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO xaso_app",
    DEFAULTS + "GRANT USAGE, SELECT ON SEQUENCES TO xaso_app",
    DEFAULTS + "GRANT SELECT ON TABLES TO xaso_readonly, xaso_search",
)


def prepare(connection: psycopg.Connection) -> None:
    """Make or mend the roles of a cluster."""
    there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role, rights in ROLES.items():
        verb = "ALTER" if role in there else "CREATE"
        _do(connection, f"{verb} ROLE {role} WITH {LIMITS} {rights}")
    # Since 16 inheritance belongs to the membership; before, to the role (NOINHERIT above).
    how = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
    for statement in (*(member + how for member in MEMBERS), *SETTINGS):
        _do(connection, statement)


def exists(connection: psycopg.Connection, name: str) -> bool:
    """Whether a database of this name exists."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return connection.execute(query, [name]).fetchone() is not None


def create(connection: psycopg.Connection, name: str, template: str | None = None) -> None:
    """Create a database that belongs to `xaso_owner`."""
    statement = sql.SQL("CREATE DATABASE {} OWNER xaso_owner TEMPLATE {}")
    chosen = sql.Identifier(template or "template1")
    connection.execute(statement.format(sql.Identifier(name), chosen))
    for rule in DATABASE:
        connection.execute(sql.SQL(rule).format(name=sql.Identifier(name)))


def furnish(connection: psycopg.Connection) -> None:
    """Put extensions and default rights into the connected database."""
    for extension in EXTENSIONS:
        _do(connection, f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for statement in INSIDE:
        _do(connection, statement)


def digest() -> str:
    """Digest of everything above, to know whether a cluster has it already."""
    parts = (ROLES, LIMITS, SETTINGS, MEMBERS, DATABASE, INSIDE, EXTENSIONS)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def seen_digest(connection: psycopg.Connection, name: str) -> str:
    """Read the digest a database was prepared with (kept as its comment)."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    row = connection.execute(query, [name]).fetchone()
    return row[0] or "" if row else ""


def note_digest(connection: psycopg.Connection, name: str) -> None:
    """Keep the digest as the database's comment."""
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(digest())))


def _do(connection: psycopg.Connection, statement: str) -> None:
    """Run one fixed statement of this file."""
    connection.execute(statement.encode())
