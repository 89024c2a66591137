"""Save many rows in one statement each: arrays in, rows out, no text of a thousand parameters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

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


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class Among(models.Lookup):
    """`column = ANY (array)`: one parameter, however many values there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401
        """Return the comparison."""
        column, given = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::{_kind(self.lhs.output_field)}[])", (*given, packed(self.rhs))


def look_again(commune: UUID, total: int, *, is_read: bool = False) -> None:
    """Let the database look at tables that have grown by half of what a commune has, to plan well.

    Beside the large tables of other communes it would take a new one for empty. Growth by less than
    an eighth of a list of `total` rows is let pass; of a list of none all that has grown is looked
    at. The rows of the list itself are looked at once: when it has been read.
    """
    listed = total // 2 if is_read else 2**40
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT population_look_again(CASE WHEN %s > 0 THEN "
            "(SELECT count(*) FROM population_person WHERE commune_id = %s) ELSE 0 END, %s, %s)",
            [total, commune, total // 8, listed],
        )


def insert(
    model: type[models.Model],
    rows: Sequence[NamedTuple],
    same: Mapping[str, object],
    *,
    or_skip: bool = False,
) -> None:
    """Insert rows of one model whose keys are made here; with `or_skip` leave out known ones.

    The fields of a row are columns, `same` holds the columns that all rows share; what neither
    names takes the model's default. Lists of words inside a row hold plain words only (no commas,
    quotes or braces).
    """
    if not rows:
        return
    shared = tuple(same)
    statement, defaults = _insert(model, rows[0]._fields, shared)  # noqa: SLF001  (public, so named)
    given: list[Any] = [*same.values(), *defaults]
    given += [packed(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            statement + (" ON CONFLICT DO NOTHING" if or_skip else ""),
            given,
        )


@contextmanager
def without_waiting() -> Iterator[None]:
    """Send statements without waiting for each: the database works while the next is made.

    What a statement refuses is raised when an answer is asked for, at the end at the latest.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


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
    """Return a column as the text of an array: nothing, numbers, texts, bytes, days, keys, lists.

    The driver asks of each value what it is and how it is quoted; a list has a million of them.
    """
    given = list(values)
    kinds = set(map(type, given))
    if kinds == {str}:
        return _texts(given)
    if len(kinds) == 1:
        return "{" + ",".join(map(_WRITTEN.get(kinds.pop(), _other), given)) + "}"
    return "{" + ",".join([_WRITTEN.get(type(each), _other)(each) for each in given]) + "}"


def _texts(values: list[Any]) -> str:
    """Return texts only, quoted in one go where none holds a sign that means something."""
    inside = '","'.join(values)
    if "\\" in inside or inside.count('"') > 2 * (len(values) - 1):
        return "{" + ",".join(map(_text, values)) + "}"
    return '{"' + inside + '"}'


def _text(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def _other(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _nothing: "NULL",
    str: _text,
    bytes: lambda value: f'"\\\\x{value.hex()}"',
    UUID: lambda value: f"{value.int:032x}",
    DateRange: lambda value: f'"[{value.lower or ""},{value.upper or ""})"',
    list: lambda value: '"{' + ",".join(value) + '}"',
}


@cache
def _insert(
    model: type[models.Model], own: tuple[str, ...], shared: tuple[str, ...]
) -> tuple[str, list[object]]:
    """Return the statement for columns that differ and columns that are the same, and defaults."""
    fields = {str(field.column): field for field in _fields(model)}
    left = [name for name in fields if name not in own and name not in shared]
    defaults = [
        fields[name].get_db_prep_save(fields[name].get_default(), connection) for name in left
    ]
    names = (*shared, *left, *own)
    values = [f"%s::{fields[name].db_type(connection)}" for name in (*shared, *left)]
    picked = [
        f"u.{name}" + ("::varchar[]" if isinstance(fields[name], ArrayField) else "")
        for name in own
    ]
    arrays = ", ".join(f"%s::{_kind(fields[name])}[]" for name in own)
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "  # noqa: S608  (our own names)
        f"SELECT {', '.join((*values, *picked))} FROM unnest({arrays}) AS u ({', '.join(own)})"
    ), defaults


@cache
def _fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Return the columns that are given; a counted key is the database's."""
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]


def _kind(field: "models.Field[Any, Any]") -> str:
    kind = str(field.db_type(connection))
    is_text = kind.startswith("varchar") or isinstance(field, ArrayField)
    return "text" if is_text else kind.split(" COLLATE", maxsplit=1)[0]
