"""Read a list's file, then understand its rows, a part at a time."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing import boxes
from xaso.kernel.sealing import rows as sealing
from xaso.kernel.text import dates, fold_tight
from xaso.kernel.working_time import clock
from xaso.population.actions import importing
from xaso.population.actions.bulk import look_again, packed
from xaso.population.actions.importing import go_on, locked_batch, move, save
from xaso.population.lists import cleaning, heading, names, reading
from xaso.population.lists.verdicts import No
from xaso.population.models import (
    BatchState,
    ImportBatch,
    ImportBlock,
    ImportFile,
    ImportRow,
    ImportTemplate,
    NumberKind,
    ResidenceKind,
    Role,
    RowKind,
)

BLOCKS = 4  # understood in one part
SAID = "population_importrow.said"
_INSERT = """
    INSERT INTO population_importrow (batch_id, commune_id, number, unit, code, kind, said, diff,
        before, rules, errors, number_index, tight, candidates, decision, outcome, reason)
    SELECT %(batch)s, %(commune)s, r.number, r.unit, r.code, r.kind, r.said, '', '',
        r.rules::jsonb, r.errors::jsonb, r.number_index, r.tight, '[]'::jsonb, '', '', ''
    FROM unnest(%(number)s::int[], %(unit)s::int[], %(code)s::text[], %(kind)s::text[],
        %(said)s::bytea[], %(rules)s::text[], %(errors)s::text[], %(number_index)s::bytea[],
        %(tight)s::text[])
        AS r (number, unit, code, kind, said, rules, errors, number_index, tight)
"""
_MARK = """
    UPDATE population_importrow r SET kind = m.kind, reason = m.reason,
        errors = CASE WHEN m.error = '' THEN r.errors
                 ELSE r.errors || jsonb_build_array(jsonb_build_array('row', m.error)) END
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
        AS m (id, kind, reason, error)
    WHERE r.id = m.id
"""


@transaction.atomic
def read_list(key: UUID) -> None:
    """Read the file into sealed blocks of rows and propose what its columns mean.

    The reason why a file cannot be read stays with the list. A text in no writing we know for sure
    waits with a preview of each.
    """
    batch = locked_batch(key)
    if batch.state != BatchState.UPLOADED:
        return
    body = boxes.unseal(ImportFile.objects.get(batch=batch).body, context=importing.BODY)
    wishes = reading.Wishes(batch.sheet, batch.encoding)
    try:
        found = reading.read(batch.file_name, body.encode("latin-1"), wishes, beat=_beat)
    except No as no:
        importing.fail(batch, no.code)
        return
    batch.facts = {k: v for k, v in found.facts.items() if k not in {"previews", "count"}}
    batch.previews = json.dumps(found.facts.get("previews") or {}, ensure_ascii=False)
    batch.sheet = found.facts.get("sheet")
    batch.encoding = found.facts.get("encoding", "")
    _keep_blocks(batch, found)
    if found.lines and not _head(batch, found):
        importing.fail(batch, "no_head")
        return
    if not found.lines and not found.facts.get("previews"):
        importing.fail(batch, "no_rows")
        return
    move(batch, BatchState.PARSED)
    save(batch)


def _beat() -> None:
    """Show the database that we are still there while the other process reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _keep_blocks(batch: ImportBatch, found: reading.Found) -> None:
    ImportBlock.objects.filter(batch=batch).delete()
    lines = [line.decode() for line in found.lines]
    ImportBlock.objects.bulk_create(
        ImportBlock(
            batch=batch,
            commune_id=batch.commune_id,
            place=at,
            body="[" + ",".join(lines[at : at + ImportBlock.ROWS]) + "]",
        )
        for at in range(0, len(lines), ImportBlock.ROWS)
    )
    batch.total = len(lines)


def _head(batch: ImportBatch, found: reading.Found) -> bool:
    """Find the head and propose the mapping: as the sender's last list was read, then by words."""
    first = [json.loads(line) for line in found.lines[: ImportBlock.ROWS // 5]]
    head = heading.find(first)
    if head is None:
        return False
    template = ImportTemplate.objects.filter(
        commune=batch.commune_id, sender_key=batch.sender_key
    ).first()
    known = template.mapping if template else {}
    batch.head_row, batch.heads = head.last, list(head.texts)
    batch.mapping = {str(c): f for c, f in heading.propose(head.texts, known).items()}
    batch.options = template.options if template else {"fills_household": False, "has_titles": True}
    return True


def clean_part(batch: ImportBatch) -> None:
    """Understand some blocks; after the last one look at the rows against each other."""
    setting = _setting(batch)
    at = int(batch.facts["at"])
    blocks = list(ImportBlock.objects.filter(batch=batch, place__gte=at).order_by("place")[:BLOCKS])
    skipped: Counter[str] = Counter(batch.skipped)
    above = str(batch.facts.get("above", ""))
    lines = []
    for block in blocks:
        for number, cells in json.loads(block.body):
            if number <= (batch.head_row or 0):
                skipped["head"] += 1
                continue
            line = cleaning.clean(number, cells, setting)
            if line.skipped:
                skipped[line.skipped] += 1
                continue
            above = _fill(line, above, fills=bool(batch.options.get("fills_household")))
            lines.append(line)
    _insert(batch, lines)
    batch.skipped = dict(skipped)
    batch.done = min(batch.total, at + ImportBlock.ROWS * BLOCKS) // 2
    batch.facts = batch.facts | {"at": at + ImportBlock.ROWS * BLOCKS, "above": above}
    if len(blocks) < BLOCKS:
        look_again(batch.commune_id, batch.total, is_read=True)
        _against_each_other(batch)
        batch.facts = batch.facts | {"step": "compare", "at": -1}
    save(batch)
    go_on(importing.COMPARE, batch)


def _setting(batch: ImportBatch) -> cleaning.Setting:
    commune = Commune.objects.get(pk=batch.commune_id)
    return cleaning.Setting(
        {int(c): f for c, f in batch.mapping.items()},
        tuple(filter(None, map(fold_tight, batch.heads))),
        _villages(commune),
        dates.local(clock.now()).date(),
        bool(batch.facts.get("is_1904")),
        bool(batch.options.get("has_titles", True)),
    )


def _villages(commune: Commune) -> dict[str, int]:
    """Return villages by folded name, with and without its kind, and by code."""
    found: dict[str, int] = {}
    for village in Village.objects.filter(commune=commune, valid_to__isnull=True):
        for text in (village.name, village.full_name, village.code):
            found.setdefault(fold_tight(text), village.pk)
    return found


def _fill(line: cleaning.Line, above: str, *, fills: bool) -> str:
    """Return the household code that rows below may take; an empty cell joins nobody by itself."""
    code = line.said.get("household", "")
    if fills and not code and above and not _has_error(line, "household"):
        line.said["household"] = above
        line.rules.append(("household", "household_above"))
        return above
    return code or above


def _has_error(line: cleaning.Line, name: str) -> bool:
    return any(each == name for each, _code in line.errors)


def _insert(batch: ImportBatch, lines: Sequence[cleaning.Line]) -> None:
    columns: dict[str, list[Any]] = defaultdict(list)
    units = _units(batch, lines)
    for line in lines:
        said = line.said
        number, code = said.get("number"), said.get("household", "")
        columns["number"].append(line.number)
        columns["unit"].append(units.setdefault(code, line.number) if code else line.number)
        columns["code"].append(code)
        columns["kind"].append(RowKind.ERROR if line.errors else "")
        columns["said"].append(boxes.seal(_packed(said), context=SAID))
        columns["rules"].append(json.dumps(line.rules))
        columns["errors"].append(json.dumps(line.errors))
        columns["number_index"].append(
            sealing.index(number, purpose=NumberKind.NATIONAL) if number else None
        )
        columns["tight"].append(names.written(said["name"]).fold_tight if "name" in said else "")
    if not columns:
        return
    with connection.cursor() as cursor:
        arrays = {name: packed(values) for name, values in columns.items()}
        cursor.execute(_INSERT, {"batch": batch.pk, "commune": batch.commune_id, **arrays})


def _units(batch: ImportBatch, lines: Sequence[cleaning.Line]) -> dict[str, int]:
    """Return the numbers that households of earlier rows have: that of their first row."""
    codes = {line.said["household"] for line in lines if "household" in line.said}
    earlier = ImportRow.objects.filter(batch=batch, code__among=codes)
    return dict(earlier.values_list("code", "unit").distinct())


def _packed(said: cleaning.Said) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Brief:
    """What of a row is compared with the other rows."""

    key: int
    unit: int
    code: str
    is_error: bool
    words: int  # hash of all it says
    role: str
    village: int | None
    kind: str


@dataclass
class _Marks:
    """What is wrong with rows against each other; the first mark of a row stays."""

    found: dict[int, tuple[str, str, str]]

    def add(self, rows: Iterable[_Brief], kind: str, reason: str, error: str = "") -> None:
        """Mark rows."""
        for row in rows:
            self.found.setdefault(row.key, (kind, reason, error))


def _against_each_other(batch: ImportBatch) -> None:
    """Find rows that are there twice, households with two heads or in two villages.

    Also keeps which villages the list names.
    """
    same_person: dict[tuple[object, ...], list[_Brief]] = defaultdict(list)
    units: dict[int, list[_Brief]] = defaultdict(list)
    villages: set[int | None] = set()
    for person, brief in _briefs(batch):
        villages.add(brief.village)
        if person:
            same_person[person].append(brief)
        if brief.code:
            units[brief.unit].append(brief)
    batch.facts = batch.facts | {"villages": sorted(filter(None, villages))}
    marks = _Marks({})
    for unit in units.values():
        _mark_unit(unit, marks)
    for group in same_person.values():
        if len(group) > 1:
            _mark_group(group, marks)
    _write(marks)


def _briefs(batch: ImportBatch) -> Iterator[tuple[tuple[object, ...], _Brief]]:
    """Yield by what a row is known to speak of the same person as another, and the row in brief."""
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    columns = ("id", "unit", "code", "kind", "said", "number_index", "tight")
    for key, unit, code, kind, text, index, tight in rows.values_list(*columns).iterator():
        said = json.loads(text)
        person: tuple[object, ...] = ()
        if index:
            person = ("number", bytes(index))
        elif code and tight:  # an empty household is no household
            person = ("name", code, tight, said["birth"][0][:4] if said.get("birth") else "")
        yield person, _Brief(
            key, unit, code, bool(kind), hash(text), said.get("role", ""), said.get("village"),
            said.get("residence", ResidenceKind.PERMANENT),
        )  # fmt: skip


def _mark_unit(unit: list[_Brief], marks: _Marks) -> None:
    words = {(row.words, row.role) for row in unit if row.role == Role.HEAD}
    if len(words) > 1:
        marks.add(unit, RowKind.ERROR, "", "two_heads")
    elif len({row.village for row in unit if row.village is not None}) > 1:
        marks.add(unit, RowKind.ERROR, "", "two_villages")


def _mark_group(group: list[_Brief], marks: _Marks) -> None:
    first, *rest = group
    if all(row.words == first.words for row in rest):
        marks.add(rest, RowKind.DUPLICATE, "same_words")
        return
    homes = {row.code for row in group if row.kind == ResidenceKind.PERMANENT and row.code}
    if len(homes) > 1:
        marks.add(group, RowKind.ERROR, "", "two_households")
    else:
        marks.add(group, RowKind.DUPLICATE, "differs")


def _write(marks: _Marks) -> None:
    if not marks.found:
        return
    keys = list(marks.found)
    columns = [list(column) for column in zip(*marks.found.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [keys, *columns])
