"""No published table gives away a small number."""

from itertools import islice, product
from random import Random

import pytest

from xaso.population import suppression
from xaso.population.suppression import HIDDEN, NONE, SMALL


def test_the_handbooks_example() -> None:
    shown = suppression.row([150, 45, 14, 3])
    assert shown.cells[0] == (150, 45, HIDDEN, HIDDEN)
    assert shown.rows[0] == 212


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([10, 6, 0], (HIDDEN, HIDDEN, NONE), 16),  # a village below twenty shows its total alone
        ([0, 0], (NONE, NONE), NONE),
        ([30, 20, 10], (30, 20, 10), 60),
        ([30, 20, 4], (30, HIDDEN, HIDDEN), 54),
        ([40, 5, 1], (40, HIDDEN, HIDDEN), 46),  # one mark: two would say five and one
        ([100, 50, 2, 1], (100, HIDDEN, HIDDEN, HIDDEN), 153),  # two hidden that sum to three
        ([60, 30, 1, 1, 1, 1, 1], (60, HIDDEN, *[HIDDEN] * 5), 95),  # five ones would be five ones
        ([40, 3, 0], (HIDDEN, HIDDEN, NONE), 43),
    ],
)
def test_one_line(counts, cells, total) -> None:
    shown = suppression.row(counts)
    assert (shown.cells[0], shown.rows[0]) == (cells, total)


def _lines_that_fit(cells, total, most: int):
    """Return every line of whole numbers that says what a published line says."""
    ranges = [
        range(1, most + 1) if cell == HIDDEN else range((n := 0 if cell == NONE else cell), n + 1)
        for cell in cells
    ]
    sums = isinstance(total, int)
    return [line for line in product(*ranges) if not sums or sum(line) == total]


def _tables_that_fit(shown, most: int):
    """Yield every table that says the same as the published one: an attacker who tries them all.

    Knows nothing of how cells are hidden, only that lines add up and that a dash is nought.
    """
    rows = [
        _lines_that_fit(cells, total, most)
        for cells, total in zip(shown.cells, shown.rows, strict=True)
    ]
    for grid in product(*rows):
        sums = [sum(column) for column in zip(*grid, strict=True)]
        if all(c in (n, HIDDEN) for n, c in zip(sums, shown.columns, strict=True) if c != NONE):
            yield grid


def test_an_attacker_who_tries_every_table_learns_no_small_cell() -> None:
    chance = Random(5)  # noqa: S311 - a repeatable walk
    looked = 0
    for _ in range(60):
        grid = [[chance.choice((0, 1, 2, 3, 6, 9, 30)) for _ in range(3)] for _ in range(3)]
        shown = suppression.table(grid, 5, 0)
        assert not any(isinstance(c, int) and c < 5 for row in shown.cells for c in row)
        fits = list(islice(_tables_that_fit(shown, 14), 3_000)) if _is_open(shown) else []
        for i, j in product(range(3), range(3)) if fits else ():
            if shown.cells[i][j] == HIDDEN:
                looked += 1
                assert len({fit[i][j] for fit in fits}) >= 4, (grid, shown)
    assert looked > 30


def _is_open(shown) -> bool:
    """Return whether the sums of rows are told: otherwise there are too many tables to try."""
    return all(isinstance(total, int) and total < 60 for total in shown.rows)


def test_a_single_hidden_cell_between_two_rings_is_found() -> None:
    # each line holds two hidden cells or more, and yet the sum of lines gives the middle one away
    low = [[3, 3, 50, 50], [3, 3, 50, 50], [50, 50, 3, 3], [50, 50, 3, 3]]
    low[0][2] = 4
    shown = suppression.table(low)
    net = [cell == HIDDEN for cell in (shown.cells[0][2], shown.cells[0][3], shown.cells[1][2])]
    assert net[0]
    assert sum(cell == HIDDEN for row in shown.cells for cell in row) > 9


def test_big_tables_are_hidden_without_losing_most_of_it() -> None:
    chance = Random(7)  # noqa: S311 - a repeatable walk
    grid = [[chance.choice((0, 0, 0, 1, 3, 8, 40, 150)) for _ in range(10)] for _ in range(40)]
    shown = suppression.table(grid)
    cells = [cell for row in shown.cells for cell in row]
    assert isinstance(shown.total, int)
    assert all(isinstance(cell, int) for cell in shown.columns)
    assert sum(isinstance(cell, int) for cell in cells) > 80
    assert not any(isinstance(cell, int) and cell < 5 for cell in cells)


def test_what_moved_a_little_stays_as_it_was() -> None:
    assert suppression.steady([150, 48, 20, 3], [150, 45, 14, 3]) == [150, 45, 20, 3]


def test_head_counts_give_nothing_away() -> None:
    counts = [
        [120, 10, 8, 9, 129, 30],
        [120, 0, 0, 2, 118, 30],  # absent = everybody who belongs here less who is present
        [120, 1, 1, 0, 122, 30],  # two that sum to two
        [90, 12, 7, 15, 94, 22],
    ]
    shown = suppression.heads(counts)
    for row, cells in zip(counts, shown.cells, strict=True):
        assert not any(isinstance(cell, int) and cell < 5 for cell in cells)
        if cells[3] == HIDDEN:
            assert cells[4] == HIDDEN
        told = [n for n, cell in zip(row[:3], cells[:3], strict=True) if cell == HIDDEN]
        assert not told or (len(told) > 1 and sum(told) - len(told) >= 3)
    assert shown.cells[1][3] == HIDDEN
    assert all(isinstance(cell, int) for cell in shown.columns)
    for column in range(6):  # and down, with the commune's sum
        down = [
            row[column] for row, c in zip(counts, shown.cells, strict=True) if c[column] == HIDDEN
        ]
        assert len(down) != 1


def test_movements_hide_small_numbers() -> None:
    assert suppression.plain([0, 3, 5]) == (NONE, SMALL, 5)
