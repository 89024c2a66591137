"""Keep where each value of a list came from."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from xaso.kernel.working_time import clock
from xaso.population.actions.bulk import packed
from xaso.population.actions.saying import digest
from xaso.population.models import ImportBatch

_EVIDENCE = """
    INSERT INTO population_fieldevidence (commune_id, subject_kind, subject, field, value_digest,
        source, source_ref, verified_at, verified_by, stated_on, at)
    SELECT %s, e.kind, e.subject, e.field, e.digest, %s, %s, %s, %s, %s, %s
    FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::text[]) AS e (kind, subject, field, digest)
"""


def tell(batch: ImportBatch, given: Sequence[tuple[str, UUID, str, object]]) -> None:
    """Keep where each value came from, in one statement."""
    if not given:
        return
    by = batch.approved_by if batch.source not in ("self_declared", "digital_team") else ""
    day = batch.as_of if by else None
    ref = f"{batch.sender}, {batch.file_name}"[:120]
    known = {pair: digest(*pair) for pair in {(name, value) for _kind, _key, name, value in given}}
    columns: tuple[list[Any], ...] = (
        [kind for kind, _key, _field, _value in given],
        [key for _kind, key, _field, _value in given],
        [name for _kind, _key, name, _value in given],
        [known[name, value] for _kind, _key, name, value in given],
    )
    head: list[Any] = [batch.commune_id, batch.source, ref, day, by, batch.as_of, clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, [*head, *map(packed, columns)])
