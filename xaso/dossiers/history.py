"""One line of a dossier's history, chained by hash to the line before.

The hash covers the digest of what was said, not the words: words that must be removed later leave
the chain intact.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from xaso.dossiers import hats
from xaso.dossiers.models import Dossier, DossierEvent
from xaso.kernel.audit.actors import Actor


@dataclass(frozen=True)
class Said:
    """What a step leaves behind: words for everybody, words for the office, plain facts."""

    public: str = ""
    internal: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    device_id: str = ""
    device_time: datetime | None = None


def event(  # noqa: PLR0913 - a line of the history, all by name
    dossier: Dossier, action: str, *, came_from: str, said: Said, by: Actor, key: UUID | None = None
) -> DossierEvent:
    """Return the next event of a dossier that already stands in its new state, and chain it.

    Raises the dossier's `version` and sets its `last_hash`; nothing is saved here.
    """
    line = DossierEvent(
        commune_id=dossier.commune_id,
        dossier=dossier if dossier.pk else None,
        action=action,
        key=key,
        from_state=came_from,
        to_state=dossier.state,
        step=dossier.step,
        actor_kind=by.kind,
        actor_id=by.id,
        role=hats.shown(dossier, by),
        on_behalf_of=by.on_behalf_of,
        channel=by.channel,
        device_id=said.device_id,
        device_time=said.device_time,
        server_time=dossier.touched_at,
        public_text=said.public,
        internal_text=said.internal,
        payload=said.facts,
        payload_hash=payload_hash(said.public, said.internal, said.facts),
        prev_hash=dossier.last_hash,
    )
    line.seq = dossier.version = dossier.version + 1
    line.hash = dossier.last_hash = hash_of(line)
    return line


def payload_hash(public: str, internal: str, facts: dict[str, Any]) -> str:
    """Return the SHA-256 (64 hex) of what a step said."""
    parts = [public, internal, json.dumps(facts, sort_keys=True, ensure_ascii=False)]
    return _digest(json.dumps(parts, ensure_ascii=False))


def hash_of(line: DossierEvent) -> str:
    """Return the hash an event must have: SHA-256 over its fields and the hash before it."""
    covered = [
        line.prev_hash,
        line.seq,
        line.action,
        str(line.key or ""),
        line.from_state,
        str(line.to_state),
        line.step,
        line.actor_kind,
        line.actor_id,
        line.role,
        line.on_behalf_of,
        line.channel,
        line.device_id,
        moment(line.device_time),
        moment(line.server_time),
        line.payload_hash,
    ]
    return _digest(json.dumps(covered, ensure_ascii=False))


def broken_at(events: list[DossierEvent]) -> int | None:
    """Return the first event that does not continue the chain, or None when it holds."""
    before = ""
    for number, line in enumerate(events, start=1):
        said = payload_hash(line.public_text, line.internal_text, line.payload)
        if line.seq != number or line.prev_hash != before or line.hash != hash_of(line):
            return number
        if said != line.payload_hash:
            return number
        before = line.hash
    return None


def moment(at: datetime | None) -> str:
    """Return an instant as text in UTC, nothing for none."""
    return at.astimezone(UTC).isoformat() if at else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
