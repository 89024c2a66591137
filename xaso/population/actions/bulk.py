"""Save many rows in one statement each: arrays in, rows out, no text of a thousand parameters."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

from xaso.population.models import Household, Person

_PEOPLE = (
    "display_name", "exact", "fold", "fold_tight", "sound", "sound_given", "sort_key", "is_unnamed",
    "sex", "birth_date", "birth_precision", "birth_year", "ethnic_code", "status", "version",
    "updated_at",
)  # fmt: skip
_HOUSEHOLDS = ("headless_since", "state", "version", "updated_at")


def look_again() -> None:
    """Let the database look at tables that have doubled, so that it plans well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT population_look_again()")


def insert(rows: Sequence[models.Model], *, or_skip: bool = False) -> None:
    """Insert rows of one model whose keys are made here; with `or_skip` leave out known ones.

    Lists of words inside a row hold plain words only (no commas, quotes or braces).
    """
    if not rows:
        return
    model = type(rows[0])
    fields = _fields(model)
    with connection.cursor() as cursor:
        cursor.execute(
            _insert(model) + (" ON CONFLICT DO NOTHING" if or_skip else ""),
            [packed([_value(field, row) for row in rows]) for field in fields],
        )


def save_people(people: Sequence[Person]) -> None:
    """Save what a list may change of people."""
    _save(Person, _PEOPLE, people)


def save_households(households: Sequence[Household]) -> None:
    """Save what is computed of households."""
    _save(Household, _HOUSEHOLDS, households)


def _save(model: type[models.Model], names: tuple[str, ...], rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    kinds = {field.attname: _kind(field) for field in _fields(model)}
    changes = ", ".join(f"{name} = u.{name}" for name in names)
    arrays = ", ".join(f"%s::{kinds[name]}[]" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} t SET {changes} "  # noqa: S608  (our own names)
            f"FROM unnest(%s::uuid[], {arrays}) AS u (id, {', '.join(names)}) WHERE t.id = u.id",
            [packed([getattr(row, name) for row in rows]) for name in ("pk", *names)],
        )


def packed(values: Iterable[object]) -> str:
    """Return a column as the text of an array: nothing, numbers, texts, bytes, days, keys.

    The driver asks of each value what it is and how it is quoted; a list has a million of them.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        if "\\" in value or '"' in value:
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, DateRange):
        first, end = value.lower or "", value.upper or ""
        return f'"[{first},{end})"'
    return str(value)


@cache
def _insert(model: type[models.Model]) -> str:
    fields = _fields(model)
    names = ", ".join(str(field.column) for field in fields)
    arrays = ", ".join(f"%s::{_kind(field)}[]" for field in fields)
    picked = ", ".join(
        f"u.{f.column}" + ("::varchar[]" if isinstance(f, ArrayField) else "") for f in fields
    )
    return (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {picked} "  # noqa: S608  (our own names)
        f"FROM unnest({arrays}) AS u ({names})"
    )


@cache
def _fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Return the columns that are given; a counted key is the database's."""
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]


def _kind(field: "models.Field[Any, Any]") -> str:
    kind = str(field.db_type(connection))
    is_text = kind.startswith("varchar") or isinstance(field, ArrayField)
    return "text" if is_text else kind.split(" COLLATE", maxsplit=1)[0]


def _value(field: "models.Field[Any, Any]", row: models.Model) -> Any:  # noqa: ANN401
    value = getattr(row, field.attname)
    return "{" + ",".join(value) + "}" if isinstance(field, ArrayField) else value
