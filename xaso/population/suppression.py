"""Hide small cells so that nobody is recognised, and the cells they could be computed from. Pure.

A cell of 1 to 4 is hidden; where a line with a total has one hidden cell, the next smallest is
hidden too, until the hidden ones together are no small cell themselves; where none is left to hide,
the total goes. Zero is written as a dash. A line whose total is below 20 shows its total alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST, LEAST_TOTAL = 5, 20
NONE, SMALL, HIDDEN = "–", "<5", "ẩn"
Cell = int | str


@dataclass(frozen=True)
class Shown:
    """A table fit to publish: cells, totals of rows and of columns, the grand total."""

    cells: tuple[tuple[Cell, ...], ...]
    rows: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    total: Cell


def table(
    counts: Sequence[Sequence[int]], least: int = LEAST, least_total: int = LEAST_TOTAL
) -> Shown:
    """Return a table of counts with small and telling cells hidden.

    Totals are cells of lines of their own: a total that goes must not come back from the others.
    """
    if not counts:
        return Shown((), (), (), NONE)
    grid = [[*row, sum(row)] for row in counts]
    grid.append([sum(column) for column in zip(*grid, strict=True)])
    hidden = [[0 < n < least for n in row] for row in grid]
    for row, marks in zip(grid[:-1], hidden[:-1], strict=True):
        if 0 < row[-1] < least_total:
            marks[:-1] = [n > 0 for n in row[:-1]]
    lines = _lines(len(counts), len(counts[0]))
    while sum(_mend(line, grid, hidden, least) for line in lines):
        pass
    shown = [
        tuple(_cell(n, is_hidden, least) for n, is_hidden in zip(row, marks, strict=True))
        for row, marks in zip(grid, hidden, strict=True)
    ]
    body = shown[:-1]
    return Shown(
        tuple(row[:-1] for row in body),
        tuple(row[-1] for row in body),
        shown[-1][:-1],
        shown[-1][-1],
    )


def row(counts: Sequence[int], least: int = LEAST, least_total: int = LEAST_TOTAL) -> Shown:
    """Return one line with its total."""
    return table([counts], least, least_total)


def heads(counts: Sequence[int], least: int = LEAST) -> tuple[Cell, ...]:
    """Return a village's head counts: permanent, temporary, living, absent, present, households.

    Present is the sum of the first three without the fourth, so that one hidden number would be
    known from the others: the next smallest goes with it, or the sum where none is left.
    """
    parts, (present, households) = list(counts[:4]), counts[4:6]
    hidden = [0 < n < least for n in parts]
    is_sum_hidden = 0 < present < least
    if sum(hidden) + is_sum_hidden == 1:
        open_ = sorted((n, place) for place, n in enumerate(parts) if n and not hidden[place])
        if open_:
            hidden[open_[0][1]] = True
        else:
            is_sum_hidden = True
    cells = [_cell(n, is_hidden, least) for n, is_hidden in zip(parts, hidden, strict=True)]
    return (
        *cells,
        _cell(present, is_sum_hidden, least),
        _cell(households, households < least, least),
    )


def plain(counts: Sequence[int], least: int = LEAST) -> tuple[Cell, ...]:
    """Return numbers that add up to nothing that is shown: each small one is hidden alone."""
    return tuple(_cell(n, n < least, least) for n in counts)


def steady(now: Sequence[int], before: Sequence[int], least: int = LEAST) -> list[int]:
    """Return the figures to use for a month: one that moved by less than `least` stays the older.

    Otherwise the difference of two months would tell what each of them hides.
    """
    return [
        old if 0 < abs(new - old) < least else new for new, old in zip(now, before, strict=True)
    ]


def _lines(height: int, width: int) -> list[list[tuple[int, int]]]:
    """Return every line that adds up, its sum last: rows, columns, and the lines of totals."""
    rows = [[(n, place) for place in range(width + 1)] for n in range(height + 1)]
    columns = [[(n, place) for n in range(height + 1)] for place in range(width + 1)]
    return rows + columns


def _mend(
    line: list[tuple[int, int]], grid: list[list[int]], hidden: list[list[bool]], least: int
) -> bool:
    """Hide one more cell of a line that gives a hidden one away; return whether it did."""
    *parts, (last, end) = line
    covered = [grid[n][p] for n, p in parts if hidden[n][p]]
    if hidden[last][end]:
        is_safe = bool(covered)
    else:
        is_safe = not covered or (len(covered) > 1 and sum(covered) >= least)
    if is_safe:
        return False
    open_ = sorted((grid[n][p], n, p) for n, p in parts if grid[n][p] and not hidden[n][p])
    if open_:
        _, n, p = open_[0]
        hidden[n][p] = True
        return True
    if not hidden[last][end]:
        hidden[last][end] = True
        return True
    return False


def _cell(n: int, is_hidden: bool, least: int) -> Cell:  # noqa: FBT001  (a mark of the table)
    if n == 0:
        return NONE
    if not is_hidden:
        return n
    return SMALL if n < least else HIDDEN
