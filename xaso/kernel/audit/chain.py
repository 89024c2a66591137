"""How a line becomes bytes and a chain of bytes becomes proof; pure, so that anyone can check it.

The database seals (`audit_seal`), this module checks: two programs that must agree.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LEAF, _NODE = b"\x00", b"\x01"


class Line(NamedTuple):
    """What is sealed of a line, in this order."""

    commune: UUID
    entry_id: int
    at: datetime
    kind: str
    actor_kind: str
    actor_id: str
    roles: str
    unit_id: int | None
    channel: str
    on_behalf_of: str
    action: str
    subject_type: str
    subject_id: str
    purpose: str
    payload: str


def canonical(value: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys and without spaces; what JSON has no word for as its text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def first(commune: UUID) -> bytes:
    """Return what the first line of a chain points back to: SHA-256 of the commune's 16 bytes."""
    return hashlib.sha256(commune.bytes).digest()


def link(prev: bytes, seq: int, sealed_at: datetime, line: Line) -> bytes:
    """Return the hash of a line at its place: SHA-256(previous hash ‖ canonical bytes).

    Every field is UTF-8 with its length (4 bytes, big-endian) in front, so that no two different
    lines give the same bytes; times are microseconds since 1970 UTC; the payload goes in as its
    SHA-256, so that a line can be checked without showing it.
    """
    digest = hashlib.sha256(line.payload.encode()).hexdigest()
    moments = (str(seq), str(micros(sealed_at)), str(line.commune), str(line.entry_id))
    fields = (*moments, str(micros(line.at)), *map(_word, line[3:-1]), digest)
    sealed = hashlib.sha256(prev)
    for field in fields:
        data = field.encode()
        sealed.update(len(data).to_bytes(4, "big") + data)
    return sealed.digest()


def root(lines: Sequence[str]) -> bytes:
    """Return the Merkle root of the heads' lines, in their order.

    Leaves and nodes are hashed with different first bytes, a node without a partner moves up as it
    is (RFC 6962, section 2.1).
    """
    level = [hashlib.sha256(_LEAF + line.encode()).digest() for line in lines]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [
            hashlib.sha256(_NODE + b"".join(pair)).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0]


def micros(at: datetime) -> int:
    """Return a moment as whole microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def _word(value: object) -> str:
    return "" if value is None else str(value)
