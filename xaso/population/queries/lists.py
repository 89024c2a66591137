"""Lists as pages show them: where each stands, what its rows say, who it does not name."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import NotFound
from xaso.population.births import Partial, shown
from xaso.population.lists import wording
from xaso.population.lists.comparing import partial
from xaso.population.models import (
    Household,
    ImportBatch,
    ImportBlock,
    ImportRow,
    Outcome,
    Person,
    ResidenceKind,
    Role,
    RowKind,
    Sex,
)

_LONG_NUMBER = re.compile(r"[0-9][0-9 .]{6,}[0-9]")
_QUIET = frozenset({"titled"})  # what the officer chose for the whole list is not said at each row
PAGE = 30  # households or rows on a page
SAMPLES = 3
_SHORT = 60  # letters of a cell beside its error
_ALSO = {"birth": ("birth_male", "birth_female"), "sex": ("birth_male", "birth_female")}


@dataclass(frozen=True)
class Difference:
    """One field: what the register says and where from, what the list says."""

    name: str
    old: str
    new: str
    source: str
    day: str
    is_conflict: bool


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one field, and what was typed: at most 60 letters, empty if nothing."""

    text: str
    typed: str


@dataclass(frozen=True)
class Candidate:
    """Somebody of the register whom a row may be."""

    key: UUID
    name: str
    birth: str
    village: str
    points: int


@dataclass(frozen=True)
class Line:
    """One row of a list as a page shows it."""

    row: ImportRow
    name: str
    facts: str  # birth, sex, role in one line
    differences: list[Difference]
    rules: list[str]
    errors: list[Mistake]
    candidates: list[Candidate]
    reason: str


@dataclass(frozen=True)
class Home:
    """The rows of one household of a list."""

    code: str
    own_code: str  # of the register, when it is there already
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """One column of a list: its head, what it is read as, some of its cells."""

    at: int
    head: str
    field: str
    samples: list[str]


def batches(commune: Commune, most: int = 30) -> Sequence[ImportBatch]:
    """Return the newest lists of a commune."""
    return list(ImportBatch.objects.filter(commune=commune).order_by("-created_at")[:most])


def batch(commune: Commune, key: UUID) -> ImportBatch:
    """Return a list. Refuses with NotFound."""
    found = ImportBatch.objects.filter(commune=commune, pk=key).first()
    if found is None:
        raise NotFound
    return found


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """Return the newest earlier list of the very same file."""
    same = ImportBatch.objects.filter(commune=batch.commune_id, sha256=batch.sha256)
    older = same.filter(created_at__lte=batch.created_at).exclude(pk=batch.pk)
    return older.order_by("-created_at").first()


def columns(batch: ImportBatch) -> list[Column]:
    """Return the columns with some of their cells, to say what each means."""
    first = ImportBlock.objects.filter(batch=batch).order_by("place").first()
    rows = json.loads(first.body) if first else []
    cells = [row[1] for row in rows if row[0] > (batch.head_row or 0)]
    found = []
    for at, head in enumerate(batch.heads):
        own = [_masked(_cell(row[at])) for row in cells if at < len(row) and row[at] is not None]
        found.append(Column(at, head, batch.mapping.get(str(at), ""), own[:SAMPLES]))
    return [column for column in found if column.head or column.samples]


def rows(batch: ImportBatch, kind: str = "", outcome: str = "") -> QuerySet[ImportRow]:
    """Return the rows of a kind or an outcome in the order of their households."""
    found = ImportRow.objects.filter(batch=batch)
    if kind in RowKind.values:
        found = found.filter(kind=kind)
    if outcome in Outcome.values and outcome:
        found = found.filter(outcome=outcome)
    return found.order_by("unit", "number")


def homes(batch: ImportBatch, page: Sequence[ImportRow]) -> list[Home]:
    """Return rows as a page shows them, household by household.

    Four statements; one more when a row is in error, for the cells as they were typed, and one more
    again when over five hundred empty rows stand before such a row.
    """
    people = _people({UUID(key) for row in page for key, _points in row.candidates})
    codes = dict(
        Household.objects.filter(pk__in={row.household_id for row in page}).values_list(
            "pk", "code"
        )
    )
    villages = {v.pk: str(v) for v in Village.objects.filter(commune=batch.commune_id)}
    cells = _typed_cells(batch, {row.number for row in page if row.errors})
    found: list[Home] = []
    unit = None
    for row in page:
        if row.unit != unit:
            unit = row.unit
            found.append(
                Home(row.code, codes.get(row.household_id, "") if row.household_id else "")
            )
        found[-1].lines.append(_line(row, people, villages, _typed(batch, row, cells)))
    return found


def people_shown(page: Sequence[ImportRow]) -> list[Person]:
    """Return whose register data a page of rows shows: that they were seen is written down."""
    keys = {row.person_id for row in page if row.diff and row.person_id}
    keys |= {UUID(key) for row in page for key, _points in row.candidates}
    return list(Person.objects.filter(pk__in=keys))


def wrong_rows(batch: ImportBatch) -> Iterator[tuple[list[Any], str]]:
    """Yield the original cells of each row that was not written, and why, in the file's order."""
    wanted = ImportRow.objects.filter(batch=batch)
    if batch.applied_at:
        wanted = wanted.filter(outcome__in=[Outcome.HELD, Outcome.REFUSED])
    else:
        wanted = wanted.filter(kind=RowKind.ERROR)
    why = {row.number: _why(row) for row in wanted.only("number", "errors", "kind", "reason")}
    for block in ImportBlock.objects.filter(batch=batch).order_by("place").iterator():
        for number, cells in json.loads(block.body):
            if number in why:
                yield [_cell(cell) for cell in cells], why[number]


def _why(row: ImportRow) -> str:
    said = [f"{wording.FIELDS.get(name, name)}: {wording.error(code)}" for name, code in row.errors]
    if row.reason:
        said.append(reason(row.reason))
    return " ".join(said)


def reason(code: str) -> str:
    """Return why a row was not written or not taken back."""
    return str(wording.OUTCOMES.get(code, code))


def _typed_cells(batch: ImportBatch, numbers: set[int]) -> dict[int, list[Any]]:
    """Return the cells of some rows as they came, opening few blocks.

    Empty rows are not kept, so a row lies in the block of its number or an earlier one.
    """
    if not numbers:
        return {}
    blocks = ImportBlock.objects.filter(batch=batch).order_by("-place")
    size = ImportBlock.ROWS
    likely = {(number - 1) // size * size for number in numbers}
    likely |= {place - size for place in likely}
    found: dict[int, list[Any]] = {}
    _pick(blocks.filter(place__in=likely), numbers, found)
    if left := numbers - found.keys():
        _pick(blocks.filter(place__lt=max(left)).exclude(place__in=likely), left, found)
    return found


def _pick(blocks: QuerySet[ImportBlock], numbers: set[int], found: dict[int, list[Any]]) -> None:
    left = set(numbers)
    for block in blocks.iterator(chunk_size=20):
        kept = {number: cells for number, cells in json.loads(block.body) if number in left}
        found |= kept
        left -= kept.keys()
        if not left:
            return


def _typed(batch: ImportBatch, row: ImportRow, cells: dict[int, list[Any]]) -> dict[str, str]:
    """Return what was typed in the fields in error of a row, shortened."""
    own, found = cells.get(row.number, []), {}
    for name, _code in row.errors:
        fields = (name, *_ALSO.get(name, ()))
        columns = [int(at) for at, field_ in batch.mapping.items() if field_ in fields]
        texts = [_cell(own[at]).strip() for at in columns if at < len(own) and _is_said(own[at])]
        text = " · ".join(filter(None, texts))
        found[name] = text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
    return found


def _is_said(cell: Any) -> bool:  # noqa: ANN401  (a cell of JSON)
    """Return whether somebody typed it: a formula without a result says nothing of its own."""
    return not (isinstance(cell, dict) and cell.get("e") == "formula")


def _line(
    row: ImportRow, people: dict[UUID, Person], villages: dict[int, str], typed: dict[str, str]
) -> Line:
    said = json.loads(row.said or "{}")
    return Line(
        row,
        said.get("name", ""),
        _facts(said, villages),
        [
            Difference(str(wording.FIELDS.get(name, name)), old, new, source, day, is_conflict)
            for name, old, new, source, day, is_conflict in json.loads(row.diff or "[]")
            if name != "row"
        ],
        [
            f"{wording.FIELDS.get(name, name)}: {wording.rule(rule)}"
            for name, rule in row.rules
            if rule not in _QUIET
        ],
        [
            Mistake(
                f"{wording.FIELDS.get(name, name)}: {wording.error(code)}", typed.get(name, "")
            )
            for name, code in row.errors
        ],
        [
            Candidate(
                found.pk, found.display_name, shown(found.birth_date, found.birth_precision),
                str(found.village) if found.village else "", points,
            )
            for key, points in row.candidates
            if (found := people.get(UUID(key))) is not None
        ],
        reason(row.reason) if row.reason else "",
    )  # fmt: skip


def _facts(said: dict[str, Any], villages: dict[int, str]) -> str:
    born: Partial = partial(said.get("birth"))
    parts = [
        str(born) if born.day else "",
        str(Sex(said["sex"]).label) if "sex" in said else "",
        str(Role(said["role"]).label) if "role" in said else "",
        str(ResidenceKind(said["residence"]).label) if "residence" in said else "",
        f"•••{said['number'][-3:]}" if "number" in said else "",
        villages.get(said.get("village", 0), ""),
    ]
    return " · ".join(filter(None, parts))


def _people(keys: Iterable[UUID]) -> dict[UUID, Person]:
    found = Person.objects.filter(pk__in=list(keys)).select_related("village")
    return {person.pk: person for person in found}


def _masked(text: str) -> str:
    """Return a sample without its numbers: the end is enough to know a column by."""
    return _LONG_NUMBER.sub(lambda found: f"•••{found.group()[-3:]}", text)


def _cell(cell: Any) -> str:  # noqa: ANN401  (a cell of JSON)
    if cell is None:
        return ""
    if isinstance(cell, dict):
        return str(cell.get("d") or cell.get("e") or "")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
