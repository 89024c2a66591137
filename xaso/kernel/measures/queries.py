"""What the counters say; no query here looks at the records that were counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from xaso.kernel.measures.cells import Cell
from xaso.kernel.measures.models import Counter


@dataclass(frozen=True, slots=True)
class Sums:
    """How many, and how much together."""

    n: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Drift:
    """A cell whose counter is not what a recount of the records gives."""

    day: date
    dims: Mapping[str, str]
    counted: int
    recounted: int
    total_missing: Decimal


def total(
    metric: str,
    commune: UUID | None,
    since: date,
    until: date,
    dims: Mapping[str, str] | None = None,
) -> Sums:
    """Return the sum from `since` up to but without `until`, for one commune or all readable ones.

    `dims` keeps only the counters that carry these values.
    """
    found = _rows(metric, commune, since, until, dims).aggregate(n=Sum("n"), total=Sum("total"))
    return Sums(found["n"] or 0, found["total"] or Decimal(0))


def by_day(
    metric: str,
    commune: UUID | None,
    since: date,
    until: date,
    dims: Mapping[str, str] | None = None,
) -> dict[date, Sums]:
    """Return the sums of each day that has any, in order of days."""
    rows = _rows(metric, commune, since, until, dims).values("day").order_by("day")
    found = rows.annotate(of_n=Sum("n"), of_total=Sum("total"))
    return {row["day"]: Sums(row["of_n"], row["of_total"]) for row in found}


def by_commune(
    metric: str, since: date, until: date, dims: Mapping[str, str] | None = None
) -> dict[UUID, Sums]:
    """Return the sums of each commune whose counters the transaction may read."""
    rows = _rows(metric, None, since, until, dims).values("commune_id").order_by("commune_id")
    found = rows.annotate(of_n=Sum("n"), of_total=Sum("total"))
    return {row["commune_id"]: Sums(row["of_n"], row["of_total"]) for row in found}


def by_dim(  # noqa: PLR0913 - which dimension of what, where, when, of which
    dim: str,
    metric: str,
    commune: UUID | None,
    since: date,
    until: date,
    *,
    dims: Mapping[str, str] | None = None,
) -> dict[str, Sums]:
    """Return the sums of each value of one dimension, the largest first.

    Counters without that dimension are left out; `dims` keeps those that carry these values.
    """
    prefix = f"{dim}="
    said = Case(
        When(dim1__startswith=prefix, then=F("dim1")),
        When(dim2__startswith=prefix, then=F("dim2")),
        default=Value(""),
    )
    rows = _rows(metric, commune, since, until, dims).annotate(said=said).exclude(said="")
    found = (
        rows.values("said").annotate(of_n=Sum("n"), of_total=Sum("total")).order_by("-of_n", "said")
    )
    return {row["said"].removeprefix(prefix): Sums(row["of_n"], row["of_total"]) for row in found}


def drift(
    metric: str, facts: Iterable[Cell], *, commune: UUID, since: date, until: date
) -> list[Drift]:
    """Return where the counters differ from a recount of the records, in order of days."""
    counted = {
        (row.day, row.dim1, row.dim2): (row.n, row.total)
        for row in _rows(metric, commune, since, until)
    }
    recounted: dict[tuple[date, str, str], tuple[int, Decimal]] = {}
    for cell in facts:
        key = cell.key[1:]
        n, amount = recounted.get(key, (0, Decimal(0)))
        recounted[key] = (n + cell.n, amount + cell.total)
    nothing = (0, Decimal(0))
    return [
        Drift(key[0], _dims(*key[1:]), had[0], has[0], has[1] - had[1])
        for key in sorted(counted.keys() | recounted.keys())
        if (had := counted.get(key, nothing)) != (has := recounted.get(key, nothing))
    ]


def _rows(
    metric: str,
    commune: UUID | None,
    since: date,
    until: date,
    dims: Mapping[str, str] | None = None,
) -> QuerySet[Counter]:
    rows = Counter.objects.filter(metric=metric, day__gte=since, day__lt=until)
    if commune is not None:
        rows = rows.filter(commune_id=commune)
    for name, value in (dims or {}).items():
        said = f"{name}={value}"
        rows = rows.filter(Q(dim1=said) | Q(dim2=said))
    return rows


def _dims(*columns: str) -> dict[str, str]:
    return dict(column.split("=", 1) for column in columns if column)
