"""Count what happens, in the transaction in which it happens."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from xaso.kernel.measures import queries
from xaso.kernel.measures.cells import Cell

_UPSERT = """
INSERT INTO measures_counter AS c (commune_id, metric, day, dim1, dim2, n, total)
SELECT %s, x.* FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::bigint[],
                           %s::numeric[]) AS x
ON CONFLICT (commune_id, metric, day, dim1, dim2)
DO UPDATE SET n = c.n + excluded.n, total = c.total + excluded.total
"""


def count(  # noqa: PLR0913 - the columns of a counter, all by name
    metric: str,
    *,
    commune: UUID,
    day: date,
    n: int = 1,
    dims: Mapping[str, str] | None = None,
    total: Decimal = Decimal(0),
) -> None:
    """Add to one counter; a correction subtracts (`n=-1`). At most two dimensions."""
    count_all([Cell(metric, day, dims or {}, n, total)], commune=commune)


def count_all(cells: Iterable[Cell], *, commune: UUID) -> None:
    """Add to several counters in one statement, always in the same order: no deadlocks."""
    summed: dict[tuple[str, date, str, str], tuple[int, Decimal]] = {}
    for cell in cells:
        n, total = summed.get(cell.key, (0, Decimal(0)))
        summed[cell.key] = (n + cell.n, total + cell.total)
    if not summed:
        return
    rows = [(*key, *summed[key]) for key in sorted(summed)]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [commune, *(list(column) for column in zip(*rows, strict=True))])


@transaction.atomic
def repair(
    metric: str, facts: Iterable[Cell], *, commune: UUID, since: date, until: date
) -> list[queries.Drift]:
    """Set a metric's counters from `since` up to but without `until` to what a recount found.

    Returns what differed. Lock the facts first: an act between recount and repair would be lost.
    """
    drifts = queries.drift(metric, facts, commune=commune, since=since, until=until)
    count_all(
        (
            Cell(metric, each.day, each.dims, each.recounted - each.counted, each.total_missing)
            for each in drifts
        ),
        commune=commune,
    )
    return drifts
