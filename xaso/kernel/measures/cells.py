"""One cell of a counter as a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

MOST_DIMS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A delta, or a recounted figure: metric, day, dimensions, how many, how much."""

    metric: str
    day: date
    dims: Mapping[str, str] = field(default_factory=dict)
    n: int = 1
    total: Decimal = Decimal(0)

    @property
    def key(self) -> tuple[str, date, str, str]:
        """Return what tells this cell from the others of its commune."""
        return (self.metric, self.day, *pair(self.dims))


def pair(dims: Mapping[str, str]) -> tuple[str, str]:
    """Return dimensions as the two columns keep them; raises ValueError for more than two."""
    if len(dims) > MOST_DIMS:
        message = f"a counter has at most {MOST_DIMS} dimensions: {sorted(dims)}"
        raise ValueError(message)
    said = [f"{name}={dims[name]}" for name in sorted(dims)]
    first, second = [*said, "", ""][:MOST_DIMS]
    return first, second
