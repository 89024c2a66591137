"""Insert a record with everything that belongs to it in one statement, or nothing at all.

`ON CONFLICT DO NOTHING` on the sender's key makes a retry harmless even when both come at the same
moment; the children are inserted from the same statement, so a create costs one round trip.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

_PARENT = (
    "parent AS (INSERT INTO {} ({}) VALUES ({}) "
    "ON CONFLICT (commune_id, uuid) DO NOTHING RETURNING id)"
)
_CHILD = "child_{} AS (INSERT INTO {} ({}, {}) SELECT {}, parent.id FROM parent)"
_ROW = "row_{} AS (INSERT INTO {} ({}) VALUES ({}))"
_ALL = "WITH {} SELECT 1"
_WHOLE = "WITH {} SELECT id FROM parent"


def insert_once(parent: models.Model, children: Sequence[models.Model], *, link: str) -> bool:
    """Insert a record and its children; return False, inserting nothing, if its key is known.

    The parent is unique by commune and `uuid`. Each child has the foreign key column `link`
    (`report_id`), filled here.
    """
    names, values = _row(parent)
    parts = [_PARENT.format(_table(parent), ", ".join(names), _places(values))]
    for number, child in enumerate(children):
        columns, given = _row(child, without=link)
        listed = ", ".join(columns)
        parts.append(_CHILD.format(number, _table(child), listed, link, _places(given)))
        values += given
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE.format(", ".join(parts)), values)
        found = cursor.fetchone()
    if found is None:
        return False
    parent.pk = found[0]
    parent._state.adding = False  # noqa: SLF001  (it is in the table now)
    return True


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert rows of any tables in one statement; their keys stay unknown to the caller."""
    if not rows:
        return
    parts, values = [], list[Any]()
    for number, row in enumerate(rows):
        names, given = _row(row)
        parts.append(_ROW.format(number, _table(row), ", ".join(names), _places(given)))
        values += given
    with connection.cursor() as cursor:
        cursor.execute(_ALL.format(", ".join(parts)), values)


def _row(row: models.Model, without: str = "") -> tuple[list[str], list[Any]]:
    """Return the columns and database values of a new row, without its key."""
    names, fields = _columns(type(row), without)
    values = [f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields]
    return names, values


@cache
def _columns(
    model: type[models.Model], without: str
) -> "tuple[list[str], list[models.Field[Any, Any]]]":
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.column != without
    ]
    return [connection.ops.quote_name(str(field.column)) for field in fields], fields


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _table(row: models.Model) -> str:
    return connection.ops.quote_name(row._meta.db_table)
