"""Whether tables and static files already match this program, found out without loading it.

The answer makes a second start quick. What was done is noted beside the thing itself (a comment on
the migrations table, a file in the static folder), so that it can never outlive it.
"""

import hashlib
import importlib.metadata
import os
from pathlib import Path

import psycopg
from psycopg import sql

import xaso

PACKAGE = Path(xaso.__file__).resolve().parent
WITH_TABLES = ("django", "django-allauth", "django-axes", "procrastinate")
NOTE = ".collected"


def tables_digest() -> str:
    """Digest everything that decides which tables there are."""
    seen = hashlib.sha256()
    for name in WITH_TABLES:
        seen.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for file in sorted(PACKAGE.rglob("migrations/*.py")):
        seen.update(str(file.relative_to(PACKAGE)).encode() + file.read_bytes())
    return seen.hexdigest()[:16]


def tables_are_fresh(url: str) -> bool:
    """Whether a database was migrated by exactly this program."""
    query = "SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')"
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    return row is not None and row[0] == tables_digest()


def note_tables(connection: psycopg.Connection) -> None:
    """Note on the migrations table which program brought it up to date."""
    statement = sql.SQL("COMMENT ON TABLE django_migrations IS {}")
    connection.execute(statement.format(sql.Literal(tables_digest())))


def static_root(home: Path) -> Path:
    """Return the folder of collected static files."""
    return Path(os.environ.get("XASO_STATIC_ROOT") or home / "static")


def static_digest() -> str:
    """Digest names, sizes and times of all static files of the rooms."""
    seen = hashlib.sha256()
    # How they are collected decides, too.
    for file in [PACKAGE / "kernel/web/files.py", *sorted(PACKAGE.rglob("static/**/*"))]:
        if file.is_file():
            info = file.stat()
            seen.update(f"{file} {info.st_size} {info.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]


def static_is_fresh(home: Path) -> bool:
    """Whether the collected static files are those of this program."""
    note = static_root(home) / NOTE
    return note.exists() and note.read_text() == static_digest()


def note_static(home: Path) -> None:
    """Note beside the collected files which program they come from."""
    root = static_root(home)
    root.mkdir(parents=True, exist_ok=True)
    (root / NOTE).write_text(static_digest())


def holds_communes(url: str) -> bool:
    """Whether a database knows any commune (places are not behind row-level security)."""
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT to_regclass('public.places_commune')").fetchone()
        if there is None or there[0] is None:
            return False
        return connection.execute("SELECT 1 FROM places_commune LIMIT 1").fetchone() is not None
