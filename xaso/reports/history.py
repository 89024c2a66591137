"""One line of a report's history, chained by hash to the line before.

The hash covers the digests of what people typed, not the words themselves: words that must be
removed later leave the chain intact.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from xaso.kernel.audit.actors import Actor
from xaso.reports import hats
from xaso.reports.models import Report, ReportEvent


@dataclass(frozen=True)
class Said:
    """What a step leaves in the history: words for everybody, words for the office, plain facts."""

    public: str = ""
    internal: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    device_time: datetime | None = None


def event(report: Report, kind: str, came_from: str, said: Said, by: Actor) -> ReportEvent:
    """Return the next event of a report that already stands in its new state, and chain it.

    Raises the report's `version` and sets its `last_hash`; nothing is saved here.
    """
    line = ReportEvent(
        commune_id=report.commune_id,
        report=report if report.pk else None,
        kind=kind,
        from_state=came_from,
        to_state=report.state,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_role=hats.role_shown(report, by),
        on_behalf_of=by.on_behalf_of,
        channel=by.channel,
        device_time=said.device_time,
        server_time=report.touched_at,
        public_text=said.public,
        internal_text=said.internal,
        payload=said.facts,
        prev_hash=report.last_hash,
    )
    line.seq = report.version = report.version + 1
    line.hash = report.last_hash = hash_of(line)
    return line


def hash_of(line: ReportEvent) -> str:
    """Return the hash an event must have."""
    covered = [
        line.prev_hash,
        line.seq,
        line.kind,
        line.from_state,
        str(line.to_state),
        line.actor_kind,
        line.actor_id,
        line.actor_role,
        line.on_behalf_of,
        line.channel,
        line.server_time.astimezone(UTC).isoformat(),
        *(line.digests or digests(line)).split(":"),
    ]
    return _digest(json.dumps(covered, ensure_ascii=False))


def digests(line: ReportEvent) -> str:
    """Return the three digests a line keeps when its words are sealed or erased."""
    payload = json.dumps(line.payload, sort_keys=True, ensure_ascii=False)
    return ":".join(map(_digest, (line.public_text, line.internal_text, payload)))


def broken_at(events: list[ReportEvent]) -> int | None:
    """Return the first event that does not continue the chain, or None when it holds."""
    before = ""
    for number, line in enumerate(events, start=1):
        if line.seq != number or line.prev_hash != before or line.hash != hash_of(line):
            return number
        before = line.hash
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
