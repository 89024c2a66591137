"""Rows as plain values and back: what a merge keeps so that it can be undone exactly."""

import base64
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from xaso.population.models import (
    Membership,
    Person,
    PersonContact,
    PersonFlag,
    PersonIdentifier,
    PersonName,
)

Row = dict[str, Any]
Image = dict[str, dict[str, Row]]  # table: key: row
# What belongs to a person and goes along; events and evidence are history and stay where they are.
BELONGS: tuple[Any, ...] = (
    PersonName,
    PersonIdentifier,
    PersonContact,
    PersonFlag,
    Membership,
)
TABLES: tuple[Any, ...] = (Person, *BELONGS)


def of(persons: Iterable[UUID]) -> Image:
    """Return the rows of some people with everything that belongs to them."""
    keys = list(persons)
    image = {"person": _rows(Person.objects.filter(pk__in=keys))}
    for model in BELONGS:
        image[_name(model)] = _rows(model.objects.filter(person__in=keys))
    return image


def model_of(table: str) -> Any:  # noqa: ANN401  (a table)
    """Return the table of an image's part."""
    return next(model for model in TABLES if _name(model) == table)


def values(model: Any, row: Row) -> Row:  # noqa: ANN401  (a table)
    """Return a kept row as values the table takes."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _back(fields[name], value) for name, value in row.items() if name in fields}


def _rows(found: models.QuerySet[Any]) -> dict[str, Row]:
    return {
        str(row["id"]): {name: _plain(value) for name, value in row.items()}
        for row in found.values()
    }


def _name(model: Any) -> str:  # noqa: ANN401  (a table)
    return str(model._meta.model_name)


def _plain(value: Any) -> Any:  # noqa: ANN401  (a value of any column)
    if isinstance(value, DateRange):
        return [_plain(value.lower), _plain(value.upper)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value) if isinstance(value, UUID) else value


def _back(field: Any, value: Any) -> Any:  # noqa: ANN401  (a value of any column)
    if value is None:
        return None
    if isinstance(field, DateRangeField):
        lower, upper = (date.fromisoformat(day) if day else None for day in value)
        return DateRange(lower, upper)
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)
