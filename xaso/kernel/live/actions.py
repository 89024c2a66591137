"""Announce a change to whoever looks at it now."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import connection

CHANNEL = "xaso_live"
_LIMIT = 7_900  # bytes; PostgreSQL refuses a payload of 8,000


class TooLong(ValueError):
    """Only keys and versions are announced; the page fetches the rest."""


def announce(topic: str, *, commune: UUID, payload: Mapping[str, str | int] | None = None) -> None:
    """Tell the screens that listen to a topic, when and only if the transaction commits.

    PostgreSQL delivers at commit and merges equal announcements of one transaction.
    """
    body = json.dumps({"c": str(commune), "t": topic, "p": dict(payload or {})}, ensure_ascii=False)
    if len(body.encode()) > _LIMIT:
        raise TooLong(topic)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, body])
