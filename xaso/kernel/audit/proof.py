"""Read chains and find what does not fit. Rows come as they lie, also those nobody should have."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from xaso.kernel.audit import chain
from xaso.kernel.audit.actors import NO_COMMUNE
from xaso.kernel.audit.models import DailySeal

_ROWS = """
SELECT s.seq, s.sealed_at, s.prev, s.hash, s.entry_id,
    EXISTS (SELECT 1 FROM audit_pending p
            WHERE p.entry_id = e.id AND e.at > clock_timestamp() - interval '5 minutes'),
    e.commune_id, e.id, e.at, e.kind, e.actor_kind, e.actor_id, e.roles, e.unit_id, e.channel,
    e.on_behalf_of, e.action, e.subject_type, e.subject_id, e.purpose, e.payload
FROM (SELECT * FROM audit_entry WHERE commune_id = %(commune)s) e
FULL JOIN (SELECT * FROM audit_seal WHERE commune_id = %(commune)s) s ON s.entry_id = e.id
ORDER BY s.seq NULLS LAST, e.id
"""


@dataclass(frozen=True)
class Fault:
    """One thing in the log book that does not fit."""

    commune: UUID
    row: str  # "line 12", "seal 5", "head", "day 2026-11-23"
    reason: str


class _Row(NamedTuple):
    """A line beside its seal; either may be missing."""

    seq: int | None
    sealed_at: datetime | None
    prev: bytes
    hash: bytes
    entry_id: int | None
    waits: bool
    line: chain.Line | None


class _Head(NamedTuple):
    """What the chain says its last seal is."""

    seq: int
    hash: bytes


def faults_of_chain(commune: UUID, days: Sequence[DailySeal]) -> list[Fault]:
    """Check one chain from its first line to its head, and against the closed days."""
    before = _head(commune)
    walk = _Walk(commune, published=_published(commune, days))
    if before:
        walk.published[before.seq].add(before.hash)
    for row in _rows(commune):
        walk.step(row)
    return walk.faults + _faults_of_head(walk, before, _head(commune))


def faults_of_days(days: Sequence[DailySeal]) -> list[Fault]:
    """Check that every daily root is the root of its heads."""
    return [
        Fault(NO_COMMUNE, f"day {day.day}", "the root is not that of its heads")
        for day in days
        if chain.root(day.heads.split("\n")) != bytes(day.root)
    ]


def faults_of_closed_days(days: Sequence[DailySeal]) -> list[Fault]:
    """Compare the daily roots with what the installation's own chain says was closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, payload FROM audit_entry "
            "WHERE commune_id = %s AND action = 'audit.day_closed'",
            [NO_COMMUNE],
        )
        logged = dict(cursor.fetchall())
    kept = {
        str(day.day): chain.canonical({"at": chain.micros(day.at), "root": bytes(day.root).hex()})
        for day in days
    }
    return [
        Fault(NO_COMMUNE, f"day {day}", "the daily root is not the one that was logged")
        for day in sorted(logged.keys() | kept.keys())
        if logged.get(day) != kept.get(day)
    ]


@dataclass
class _Walk:
    """One pass along a chain."""

    commune: UUID
    published: defaultdict[int, set[bytes]]  # place → hashes that closed days and the head name
    seq: int = 0
    hash: bytes = b""
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hash = chain.first(self.commune)

    def step(self, row: _Row) -> None:
        """Check one row; go on from what it claims, so that one edit gives few faults."""
        if row.seq is None or row.sealed_at is None:
            if not row.waits:
                self._find(f"line {_number(row)}", "has no seal and does not wait for one")
            return
        if row.seq != self.seq + 1:
            self._find(f"seal {self.seq + 1}", f"is missing: seal {row.seq} follows")
        elif row.prev != self.hash:
            self._find(f"seal {row.seq}", "does not point back to the one before")
        if row.line is None:
            self._find(f"line {row.entry_id}", f"is missing (seal {row.seq})")
        elif chain.link(row.prev, row.seq, row.sealed_at, row.line) != row.hash:
            self._find(f"line {row.entry_id}", f"or its seal {row.seq} was changed")
        if self.published.get(row.seq, set()) - {row.hash}:
            self._find(f"seal {row.seq}", "differs from the head or a closed day")
        self.seq, self.hash = row.seq, row.hash

    def _find(self, row: str, reason: str) -> None:
        self.faults.append(Fault(self.commune, row, reason))


def _faults_of_head(walk: _Walk, before: _Head | None, after: _Head | None) -> list[Fault]:
    """Compare where the walk ended with the head read before it and after it.

    A sealer may have worked meanwhile: the end may lie anywhere between the two.
    """
    if before is None or after is None:
        missing = walk.seq or walk.faults or before or after
        return [Fault(walk.commune, "head", "is missing")] if missing else []
    faults = []
    if not before.seq <= walk.seq <= after.seq:
        reason = f"stands at {before.seq}, the chain ends at {walk.seq}"
        faults.append(Fault(walk.commune, "head", reason))
    if before.seq == 0 and before.hash != chain.first(walk.commune):
        faults.append(Fault(walk.commune, "head", "does not begin with the commune"))
    beyond = [seq for seq in walk.published if seq > max(walk.seq, before.seq)]
    faults += [Fault(walk.commune, f"seal {seq}", "of a closed day is gone") for seq in beyond]
    return faults


def _rows(commune: UUID) -> Iterator[_Row]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, {"commune": commune})
        for seq, sealed_at, prev, digest, entry_id, waits, *line in cursor:
            yield _Row(
                seq,
                sealed_at,
                bytes(prev or b""),
                bytes(digest or b""),
                entry_id,
                waits,
                chain.Line(*line) if line[1] is not None else None,
            )


def _number(row: _Row) -> int | None:
    return row.line.entry_id if row.line else row.entry_id


def _head(commune: UUID) -> _Head | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit_chain WHERE commune_id = %s", [commune])
        found = cursor.fetchone()
    return _Head(found[0], bytes(found[1])) if found else None


def _published(commune: UUID, days: Sequence[DailySeal]) -> defaultdict[int, set[bytes]]:
    """Return what closed days vouch for: place in the chain → hash."""
    said: defaultdict[int, set[bytes]] = defaultdict(set)
    for day in days:
        for line in day.heads.split("\n"):
            whose, _, rest = line.partition(" ")
            if whose == str(commune):
                seq, _, digest = rest.partition(" ")
                with suppress(ValueError):  # a line that is no head: its day's root says so
                    said[int(seq)].add(bytes.fromhex(digest))
    return said
