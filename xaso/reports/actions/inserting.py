"""Insert a report with everything that belongs to it in one statement, or nothing at all.

`ON CONFLICT DO NOTHING` on the sender's key makes a retry harmless even when both come at the same
moment; the children are inserted from the same statement, so a create costs one round trip.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from xaso.reports.models import Report

_PARENT = (
    "report AS (INSERT INTO {} ({}) VALUES ({}) "
    "ON CONFLICT (commune_id, uuid) DO NOTHING RETURNING id)"
)
_CHILD = "child_{} AS (INSERT INTO {} ({}, report_id) SELECT {}, report.id FROM report)"
_WHOLE = "WITH {} SELECT id FROM report"


def insert_once(report: Report, children: Sequence[models.Model]) -> bool:
    """Insert the report and its children; return False, inserting nothing, if its key is known.

    Each child has a `report` foreign key, filled here.
    """
    names, values = _row(report)
    parts = [_PARENT.format(_table(report), ", ".join(names), _places(values))]
    for number, child in enumerate(children):
        columns, given = _row(child, without="report_id")
        parts.append(_CHILD.format(number, _table(child), ", ".join(columns), _places(given)))
        values += given
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE.format(", ".join(parts)), values)
        found = cursor.fetchone()
    if found is None:
        return False
    report.pk = found[0]
    report._state.adding = False  # noqa: SLF001  (it is in the table now)
    return True


def _row(row: models.Model, without: str = "") -> tuple[list[str], list[Any]]:
    """Return the columns and database values of a new row, without its key."""
    names: list[str] = []
    values: list[Any] = []
    for field in row._meta.concrete_fields:
        if field.primary_key or field.column == without:
            continue
        names.append(connection.ops.quote_name(str(field.column)))
        values.append(field.get_db_prep_save(field.pre_save(row, add=True), connection))
    return names, values


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _table(row: models.Model) -> str:
    return connection.ops.quote_name(row._meta.db_table)
