"""Write the log book, seal it."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from xaso.kernel.audit.actors import NO_COMMUNE, Actor
from xaso.kernel.audit.chain import canonical
from xaso.kernel.tenancy import actions as tenancy

_AT_ONCE = 2_000  # seals in one transaction
_VIEW_ONCE = """
SELECT audit_append(%s, %s::jsonb) WHERE NOT EXISTS (
    SELECT 1 FROM audit_entry WHERE commune_id = %s AND subject_type = %s AND subject_id = %s
    AND kind = 'view' AND actor_kind = %s AND actor_id = %s AND purpose = %s
    AND at > clock_timestamp() - make_interval(secs => %s))
"""


def record(  # noqa: PLR0913 - who, what, whose, why: all by name
    action: str,
    subject: models.Model,
    *,
    by: Actor,
    commune: UUID | None,
    changes: Mapping[str, Any] | None = None,
    purpose: str = "",
) -> int:
    """Add a line to the log in the transaction of the change; return its number.

    `action` is `room.what_happened`; `changes` holds field names, states and digests, never a
    personal value (the log outlives an erased person). The commune must be the one the transaction
    is inside of; `None` is an event of the installation (a sign-in, a new official).
    """
    return _append("change", action, subject, by, commune, changes, purpose)


def view(subject: models.Model, *, by: Actor, commune: UUID, purpose: str) -> None:
    """Log that someone looked at personal data or a sensitive paper, and what for."""
    _append("view", "audit.viewed", subject, by, commune, None, purpose)


def view_once(
    subject: models.Model, *, by: Actor, commune: UUID, purpose: str, within: timedelta
) -> None:
    """Log a reading as `view` does, unless the same person read it for this so lately.

    One statement; whoever goes back and forth between two pages reads once.
    """
    line = _line("view", "audit.viewed", subject, by, None, purpose)
    same = [subject._meta.label, str(subject.pk), by.kind, by.id, purpose[:200]]
    seconds = within.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(_VIEW_ONCE, [commune, canonical(line), commune, *same, seconds])


def seal(limit: int = _AT_ONCE) -> int:
    """Give the committed lines their place in the chains; return how many.

    Two sealers at once do not fight: the second passes over the chains the first works on.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_seal(%s)", [limit])
        return int(cursor.fetchone()[0])


def close_days() -> bool:
    """Make the Merkle root of the day that ended, once it is 00:05 in Vietnam; True if it was new.

    Called again and again; only the first call of a day does something.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_close_day()")
        return bool(cursor.fetchone()[0])


def keep_sealed() -> None:
    """Seal what waits and close the day: what the worker's loop calls every two seconds."""
    while seal() >= _AT_ONCE:
        pass
    close_days()


def _append(  # noqa: PLR0913, PLR0917 - private twin of `record`
    kind: str,
    action: str,
    subject: models.Model,
    by: Actor,
    commune: UUID | None,
    changes: Mapping[str, Any] | None,
    purpose: str,
) -> int:
    line = _line(kind, action, subject, by, changes, purpose)
    place = tenancy.inside(NO_COMMUNE) if commune is None else nullcontext()
    with place, connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(%s, %s::jsonb)", [commune or NO_COMMUNE, canonical(line)]
        )
        return int(cursor.fetchone()[0])


def _line(  # noqa: PLR0913, PLR0917 - the columns of a line
    kind: str,
    action: str,
    subject: models.Model,
    by: Actor,
    changes: Mapping[str, Any] | None,
    purpose: str,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "roles": ",".join(sorted(by.roles)),
        "unit_id": by.unit_id,
        "channel": by.channel,
        "on_behalf_of": by.on_behalf_of,
        "action": action,
        "subject_type": subject._meta.label,
        "subject_id": str(subject.pk),
        "purpose": purpose[:200],
        "payload": canonical(changes or {}),
    }
