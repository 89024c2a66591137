"""A hundred thousand reports for benches: the half year of a commune, told again further back.

Every report of the commune that is done with is a pattern: its row, history, clock, answer, photos
and feedback are copied with the moments moved back and a key, code and hash chain of their own.
Counters grow by what was copied. The log book is not multiplied: it speaks of what was done here,
and nobody did this.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from django.db import connection, models

from xaso.demo.dice import dice
from xaso.kernel.measures import actions as measures
from xaso.kernel.measures.cells import Cell
from xaso.kernel.places.models import Commune, PublicCode
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates, spoken_code
from xaso.reports import history
from xaso.reports.actions import counting
from xaso.reports.models import Answer, ClockEntry, Photo, Report, ReportEvent, State

DONE = (State.CLOSED, State.REJECTED)
_AT_ONCE = 2_000  # copies per transaction
_WEEKS = 260  # copies spread over five years; whole weeks, so that weekdays stay weekdays
Row = dict[str, Any]


@dataclass
class Pattern:
    """One finished report with everything that belongs to it, as plain rows."""

    report: Row
    events: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    photos: list[Row] = field(default_factory=list)


def multiply(commune: Commune, *, up_to: int, seed: int, say: Callable[[str], None]) -> int:
    """Copy finished reports until the commune has so many; return how many were added."""
    with tenancy.inside(commune.id):
        there = Report.objects.filter(commune=commune).count()
        patterns = _patterns(commune)
    added = 0
    chance = dice(seed, commune.slug, "copies")
    with spoken_code.drawn_by(chance):
        while there + added < up_to:
            wanted = min(_AT_ONCE, up_to - there - added)
            with tenancy.inside(commune.id):
                _copy(commune, patterns, range(added, added + wanted))
            added += wanted
            if added % 10_000 == 0:
                say(f"{commune.slug}: {there + added} phản ánh")
    return added


def _patterns(commune: Commune) -> list[Pattern]:
    found = {
        row["id"]: Pattern(row)
        for row in Report.objects.filter(
            commune=commune, state__in=DONE, reporter=None, is_drill=False
        )
        .exclude(visibility="sealed")
        .order_by("id")
        .values(*_columns(Report))
    }
    for model, name in (
        (ReportEvent, "events"),
        (ClockEntry, "clocks"),
        (Answer, "answers"),
        (Photo, "photos"),
    ):
        for row in model.objects.filter(report__in=found).order_by("id").values(*_columns(model)):
            getattr(found[row["report_id"]], name).append(row)
    return list(found.values())


def _columns(model: type[models.Model]) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields]


def _copy(commune: Commune, patterns: Sequence[Pattern], numbers: range) -> None:
    """Store the copies of one transaction: codes, reports, and what hangs on them."""
    keys = {
        model: iter(_keys(model, len(numbers) * most)) for model, most in ((Report, 1), (Answer, 3))
    }
    codes = _codes(commune, len(numbers))
    batch: dict[type[models.Model], list[Row]] = {
        model: [] for model in (Report, ReportEvent, ClockEntry, Answer, Photo)
    }
    cells: list[Cell] = []
    for number, code in zip(numbers, codes, strict=True):
        pattern = patterns[number % len(patterns)]
        back = _back(number // len(patterns))
        told = _told(pattern, back, next(keys[Report]), keys[Answer])
        told.report |= {
            "code": code,
            "uuid": uuid5(commune.id, f"copy {number}"),
            "content_hash": hashlib.sha256(f"copy {number}".encode()).hexdigest(),
        }
        for model, rows in _parts(told):
            batch[model] += rows
        cells += _counted(told)
    for model, rows in batch.items():
        _store(model, rows, without_key=model not in keys)
    measures.count_all(cells, commune=commune.id)


def _back(turn: int) -> timedelta:
    """Return how far back the copies of a turn lie; turns of the same week lie minutes apart."""
    return timedelta(weeks=1 + turn % _WEEKS, minutes=turn // _WEEKS * 7)


def _parts(told: Pattern) -> Iterable[tuple[type[models.Model], list[Row]]]:
    return (
        (Report, [told.report]),
        (ReportEvent, told.events),
        (ClockEntry, told.clocks),
        (Answer, told.answers),
        (Photo, told.photos),
    )


def _told(pattern: Pattern, back: timedelta, key: int, answer_keys: Iterable[int]) -> Pattern:
    """Return a pattern moved back, under new keys and with a hash chain of its own."""
    given = iter(answer_keys)
    answers = {row["id"]: next(given) for row in pattern.answers}
    report = _moved(pattern.report, back) | {"id": key}
    report["answer_id"] = answers.get(report["answer_id"])
    under = {"report_id": key}
    told = Pattern(
        report,
        [_moved(row, back) | under for row in pattern.events],
        [_moved(row, back) | under for row in pattern.clocks],
        [_moved(row, back) | under | {"id": answers[row["id"]]} for row in pattern.answers],
        [
            _moved(row, back) | under | {"answer_id": answers.get(row["answer_id"])}
            for row in pattern.photos
        ],
    )
    report["last_hash"] = _chained(told.events)
    return told


def _moved(row: Row, back: timedelta) -> Row:
    """Return a row with every moment and day moved back."""
    return {
        name: value - back if isinstance(value, datetime) or _is_day(value) else value
        for name, value in row.items()
    }


def _is_day(value: object) -> bool:
    return hasattr(value, "isocalendar")


def _chained(events: list[Row]) -> str:
    """Chain the events anew and return the last hash."""
    before = ""
    for row in events:
        row["prev_hash"] = before
        before = row["hash"] = history.hash_of(ReportEvent(**row))
    return before


def _counted(told: Pattern) -> list[Cell]:
    """Return what the counters must grow by, as the actions would have counted."""
    report = told.report
    cells = [
        Cell(
            counting.RECEIVED,
            _day(report["received_at"]),
            {"category": str(report["category_id"]), "village": str(report["village_id"] or "")},
            1,
        )
    ]
    for answer in told.answers[-1:]:
        at = answer["answered_at"]
        on_time = "first" if at <= report["first_due_at"] else "no"
        on_time = "later" if on_time == "no" and at <= report["due_at"] else on_time
        dims = {"unit": str(report["unit_id"] or ""), "on_time": on_time}
        cells.append(Cell(counting.ANSWERED, _day(at), dims, 1))
    return cells


def _day(at: datetime) -> Any:  # noqa: ANN401
    return dates.local(at).date()


def _keys(model: type[models.Model], count: int) -> list[int]:
    """Take so many keys from a table's sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _codes(commune: Commune, count: int) -> list[str]:
    """Reserve so many tracking codes."""
    reserved: list[str] = []
    while len(reserved) < count:
        drawn = list({spoken_code.new(): None for _ in range(count - len(reserved))})
        known = set(PublicCode.objects.filter(pk__in=drawn).values_list("pk", flat=True))
        fresh = [code for code in drawn if code not in known and code not in reserved]
        rows = [{"code": c, "commune_id": commune.id, "kind": "report"} for c in fresh]
        _store(PublicCode, rows)
        reserved += fresh
    return reserved


def _store(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, without_key: bool = False
) -> None:
    """Insert rows with one statement.

    Tables under row-level security take no COPY; one JSON text of all rows comes close to it.
    """
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if f.attname in rows[0]]
    if without_key:
        fields.remove(model._meta.pk)
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    packed = json.dumps([{f.column: row[f.attname] for f in fields} for row in rows], default=str)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} "  # noqa: S608  (our own names)
            f"FROM json_populate_recordset(NULL::{table}, %s::json)",
            [packed],
        )
