"""Random walks over a transition table: for property tests, and for invented histories."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from xaso.kernel.workflow.table import START, Table, Transition


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk: where it left, by which row, where it came to."""

    source: str
    transition: Transition
    target: str


def random_walks(
    table: Table, *, seed: int, count: int = 100, length: int = 30
) -> Iterator[list[Step]]:
    """Yield repeatable walks from the start; guards and people are not asked.

    A walk ends after `length` steps, or earlier in a state without a way on.
    """
    chance = Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret
    for _ in range(count):
        yield list(_walk(table, chance, length))


def _walk(table: Table, chance: Random, length: int) -> Iterator[Step]:
    state = START
    for _ in range(length):
        ways = table.from_state(state)
        if not ways:
            return
        row = chance.choice(ways)
        yield Step(state, row, row.lands(state))
        state = row.lands(state)
