"""Hide small cells so that nobody is recognised, and whatever they could be computed from. Pure.

A table whose lines add up is a network: a cell is an edge between its row and its column, totals
flow back. What a reader can learn of a hidden cell is how far it may move along hidden edges; that
is a maximal flow, so the check is exact for all lines together and not line by line. A cell that
cannot move far enough takes the cheapest ring of other cells with it into hiding; totals go last.
A zero is written as a dash, so a hidden cell is known to be one at least. All hidden cells carry
one mark: two marks, small and not so small, would tell the small ones from sums of two.
"""

import heapq
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

LEAST, LEAST_TOTAL = 5, 20
NONE, SMALL, HIDDEN = "–", "<5", "ẩn"
Cell = int | str
_TOTAL = 10_000_000  # what it costs to hide a total: more than all cells
_FREE = 1 << 40


@dataclass(frozen=True)
class Shown:
    """A table fit to publish: cells, totals of rows and of columns, the grand total."""

    cells: tuple[tuple[Cell, ...], ...]
    rows: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    total: Cell


@dataclass
class Edge:
    """One published number: from where to where it flows, and what it costs to hide it."""

    tail: Hashable
    head: Hashable
    n: int
    is_hidden: bool = False
    is_total: bool = False

    @property
    def cost(self) -> int:
        """Return what hiding it takes from the reader."""
        return self.n + (_TOTAL if self.is_total else 0)

    def shown(self) -> Cell:
        """Return what is published."""
        if self.n == 0:
            return NONE
        return HIDDEN if self.is_hidden else self.n


def table(
    counts: Sequence[Sequence[int]], least: int = LEAST, least_total: int = LEAST_TOTAL
) -> Shown:
    """Return a table of counts with small and telling cells hidden; a single row is a line.

    A row below `least_total` shows its total alone.
    """
    if not counts:
        return Shown((), (), (), NONE)
    if len(counts) == 1:
        return _line(counts[0], least, least_total)
    high, wide = len(counts), len(counts[0])
    cells = [
        [Edge(("r", i), ("c", j), n) for j, n in enumerate(row)] for i, row in enumerate(counts)
    ]
    rows = [Edge("sum", ("r", i), sum(row), is_total=True) for i, row in enumerate(counts)]
    columns = [
        Edge(("c", j), "all", sum(row[j] for row in counts), is_total=True) for j in range(wide)
    ]
    total = Edge("all", "sum", sum(edge.n for edge in rows), is_total=True)
    for i in range(high):
        if 0 < rows[i].n < least_total:
            for edge in cells[i]:
                edge.is_hidden = edge.n > 0
    protect([*(edge for row in cells for edge in row), *rows, *columns, total], least)
    return Shown(
        tuple(tuple(edge.shown() for edge in row) for row in cells),
        tuple(edge.shown() for edge in rows),
        tuple(edge.shown() for edge in columns),
        total.shown(),
    )


def row(counts: Sequence[int], least: int = LEAST, least_total: int = LEAST_TOTAL) -> Shown:
    """Return one line with its total."""
    return table([counts], least, least_total)


def heads(counts: Sequence[Sequence[int]], least: int = LEAST) -> Shown:
    """Return head counts of villages: permanent, temporary, living, absent, present, households.

    Everybody who belongs to a village is known from other tables, so the first three add up to it
    and so do absent and present; sums of the commune are known too. Households add up alone.
    """
    edges: list[list[Edge]] = []
    for i, (*parts, absent, present, households) in enumerate(counts):
        edges.append(
            [
                *(Edge(("in", i), ("c", j), n) for j, n in enumerate(parts)),
                Edge(("out", i), ("c", 3), absent),
                Edge(("out", i), ("c", 4), present),
                Edge("homes", "everywhere", households),
            ]
        )
    sums = [sum(row[j] for row in counts) for j in range(6)]
    totals = [
        Edge(("c", j), "all in" if j < 3 else "all out", n, is_total=True)
        for j, n in enumerate(sums[:5])
    ]
    totals.append(Edge("everywhere", "homes", sums[5], is_total=True))
    protect([*(edge for row in edges for edge in row), *totals], least)
    return Shown(
        tuple(tuple(edge.shown() for edge in row) for row in edges),
        (),
        tuple(edge.shown() for edge in totals),
        NONE,
    )


def plain(counts: Sequence[int], least: int = LEAST) -> tuple[Cell, ...]:
    """Return numbers that add up to nothing that is shown: each small one is hidden alone."""
    return tuple(NONE if n == 0 else SMALL if n < least else n for n in counts)


def steady(now: Sequence[int], before: Sequence[int], least: int = LEAST) -> list[int]:
    """Return the figures to use for a month: one that moved by less than `least` stays the older.

    Otherwise the difference of two months would tell what each of them hides.
    """
    return [
        old if 0 < abs(new - old) < least else new for new, old in zip(now, before, strict=True)
    ]


def protect(edges: Sequence[Edge], least: int = LEAST) -> None:
    """Hide small edges and as many others that each hidden one may be several numbers.

    At least `least - 1` different numbers fit every hidden edge, as many as "1 to 4" are.
    """
    net = _Net(edges)
    for edge in edges:
        edge.is_hidden = edge.is_hidden or 0 < edge.n < least
    waiting = deque(sorted((e for e in edges if e.is_hidden), key=lambda e: e.n))
    while waiting:
        edge = waiting.popleft()
        # what is hidden later gives only more room: an edge that is safe once stays safe
        while net.room(edge, least - 2) < least - 2:
            ring = net.ring(edge)
            if ring is None:
                break
            for other in ring:
                other.is_hidden = True
            waiting.extend(ring)
            if not ring:
                more = net.widest(edge)
                if more is None:
                    break
                more.is_hidden = True
                waiting.append(more)


class _Net:
    """Edges by their ends, and what may flow along hidden ones."""

    def __init__(self, edges: Sequence[Edge]) -> None:
        self.edges = [edge for edge in edges if edge.n > 0]  # a dash is known to be nought
        self.at: dict[Hashable, list[tuple[int, bool]]] = {}
        for place, edge in enumerate(self.edges):
            self.at.setdefault(edge.tail, []).append((place, True))
            self.at.setdefault(edge.head, []).append((place, False))

    def room(self, edge: Edge, most: int) -> int:
        """Return by how much a hidden edge may be larger or smaller, counted up to `most`."""
        up = self._flow(edge, edge.head, edge.tail, most)
        down = self._flow(edge, edge.tail, edge.head, min(most, edge.n - 1))
        return up + down

    def _flow(self, apart: Edge, start: Hashable, end: Hashable, most: int) -> int:
        moved = [0] * len(self.edges)
        for flowed in range(most):
            way = self._way(apart, start, end, moved)
            if way is None:
                return flowed
            for place, is_forward in way:
                moved[place] += 1 if is_forward else -1
        return most

    def _way(
        self, apart: Edge, start: Hashable, end: Hashable, moved: list[int]
    ) -> list[tuple[int, bool]] | None:
        came: dict[Hashable, tuple[Hashable, int, bool] | None] = {start: None}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            if node == end:
                return list(_back(came, end))
            for place, is_forward in self.at.get(node, ()):
                edge = self.edges[place]
                to = edge.head if is_forward else edge.tail
                if edge is apart or not edge.is_hidden or to in came:
                    continue
                if is_forward or edge.n + moved[place] > 1:
                    came[to] = (node, place, is_forward)
                    queue.append(to)
        return None

    def ring(self, apart: Edge) -> list[Edge] | None:
        """Return the open edges of the cheapest ring by which a hidden edge may grow; None: none.

        Hidden edges of it cost nothing. Each edge gives one unit at least.
        """
        start, end = apart.head, apart.tail
        best: dict[Hashable, int] = {start: 0}
        came: dict[Hashable, tuple[Hashable, int, bool] | None] = {start: None}
        order = count()
        heap = [(0, next(order), start)]
        while heap:
            spent, _, node = heapq.heappop(heap)
            if node == end:
                used = [self.edges[place] for place, _forward in _back(came, end)]
                return [edge for edge in used if not edge.is_hidden]
            if spent > best[node]:
                continue
            for place, is_forward in self.at.get(node, ()):
                edge = self.edges[place]
                if edge is apart or not (is_forward or edge.n > 1):
                    continue
                to, price = (edge.head if is_forward else edge.tail), spent
                price += 0 if edge.is_hidden else edge.cost
                if price < best.get(to, _FREE):
                    best[to], came[to] = price, (node, place, is_forward)
                    heapq.heappush(heap, (price, next(order), to))
        return None

    def widest(self, apart: Edge) -> Edge | None:
        """Return the cheapest open edge beside a hidden one, else anywhere, to give more room."""
        ends = {apart.tail, apart.head}
        open_ = [edge for edge in self.edges if not edge.is_hidden]
        near = [edge for edge in open_ if ends & {edge.tail, edge.head}]
        return min(near or open_, key=lambda edge: edge.cost, default=None)


def _back(
    came: dict[Hashable, tuple[Hashable, int, bool] | None], end: Hashable
) -> Iterator[tuple[int, bool]]:
    step = came[end]
    while step is not None:
        node, place, is_forward = step
        yield place, is_forward
        step = came[node]


def _line(counts: Sequence[int], least: int, least_total: int) -> Shown:
    edges = [Edge("a", "b", n) for n in counts]
    total = Edge("b", "a", sum(counts), is_total=True)
    if 0 < total.n < least_total:
        for edge in edges:
            edge.is_hidden = edge.n > 0
    protect([*edges, total], least)
    cells = tuple(edge.shown() for edge in edges)
    return Shown((cells,), (total.shown(),), cells, total.shown())
