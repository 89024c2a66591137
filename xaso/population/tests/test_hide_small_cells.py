"""No published table gives away a small number."""

from random import Random

import pytest

from xaso.population import suppression
from xaso.population.suppression import HIDDEN, NONE, SMALL


def test_the_handbooks_example() -> None:
    shown = suppression.row([150, 45, 14, 3])
    assert shown.cells[0] == (150, 45, HIDDEN, SMALL)
    assert shown.rows[0] == 212


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([10, 6, 0], (HIDDEN, HIDDEN, NONE), 16),  # a village below twenty shows its total alone
        ([2, 1], (SMALL, SMALL), SMALL),
        ([0, 0], (NONE, NONE), NONE),
        ([30, 20, 10], (30, 20, 10), 60),
        ([30, 20, 4], (30, HIDDEN, SMALL), 54),
        ([100, 50, 2, 1], (100, HIDDEN, SMALL, SMALL), 153),  # two hidden that sum to three
        ([40, 3, 0], (HIDDEN, SMALL, NONE), 43),
        ([4], (SMALL,), SMALL),
    ],
)
def test_one_line(counts, cells, total) -> None:
    shown = suppression.row(counts)
    assert (shown.cells[0], shown.rows[0]) == (cells, total)


def _lines(shown):
    """Yield every line that adds up, its sum last."""
    grid = [[*cells, total] for cells, total in zip(shown.cells, shown.rows, strict=True)]
    grid.append([*shown.columns, shown.total])
    yield from grid
    yield from (list(column) for column in zip(*grid, strict=True))


def test_no_hidden_cell_can_be_computed_from_its_line() -> None:
    chance = Random(5)  # noqa: S311 - a repeatable walk
    for _ in range(2_000):
        width, height = chance.randrange(1, 7), chance.randrange(2, 7)
        grid = [
            [chance.choice((0, 0, 1, 2, 3, 4, 5, 7, 12, 40, 200)) for _ in range(width)]
            for _ in range(height)
        ]
        shown = suppression.table(grid)
        for cells, row in zip(shown.cells, grid, strict=True):
            for cell, n in zip(cells, row, strict=True):
                assert cell in (n, SMALL, HIDDEN) if n else cell == NONE
                assert not (isinstance(cell, int) and cell < 5)
        for line in _lines(shown):
            *parts, total = line
            hidden = [cell for cell in parts if cell in (SMALL, HIDDEN)]
            if isinstance(total, int) and hidden:
                left = total - sum(cell for cell in parts if isinstance(cell, int))
                assert len(hidden) > 1, (grid, shown)
                assert left >= 5, (grid, shown)
            if total in (SMALL, HIDDEN):
                assert hidden, (grid, shown)


def test_what_moved_a_little_stays_as_it_was() -> None:
    assert suppression.steady([150, 48, 20, 3], [150, 45, 14, 3]) == [150, 45, 20, 3]


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([120, 10, 8, 9, 129, 30], (120, 10, 8, 9, 129, 30)),
        ([120, 0, 0, 2, 118, 30], (HIDDEN, NONE, NONE, SMALL, 118, 30)),
        ([120, 9, 0, 2, 127, 30], (120, HIDDEN, NONE, SMALL, 127, 30)),
        ([120, 3, 0, 2, 121, 30], (120, SMALL, NONE, SMALL, 121, 30)),
        ([3, 0, 0, 0, 3, 1], (SMALL, NONE, NONE, NONE, SMALL, SMALL)),
        ([0, 0, 0, 0, 0, 0], (NONE,) * 6),
    ],
)
def test_head_counts_give_nothing_away(counts, cells) -> None:
    assert suppression.heads(counts) == cells


def test_movements_hide_small_numbers() -> None:
    assert suppression.plain([0, 3, 5]) == (NONE, SMALL, 5)
