"""Whether several rows together leave nothing for a row below them.

What a report can be is cut into cells, along every value, border, hour and day that a row names;
inside one cell all reports are alike to every row. The row is covered when each of its cells is
taken by some row above. Cells that no report can be in (a Monday that is a Sunday) only make the
check more careful. Too many cells, and nothing is said.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from xaso.reports.routing import deciding
from xaso.reports.routing.rules import Rule

MOST_CELLS = 20_000
_OTHER = object()  # any value that no row names
_SMALL = 1e-12  # square degrees: less is a border, not an area
Groups = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class _Side:
    """One condition: the values a report can have as far as rows tell them apart, and the test."""

    values: Sequence[Any]
    takes: Callable[[Rule, Any], bool]


def together(above: Sequence[Rule], below: Rule, groups: Groups) -> tuple[int, ...]:
    """Return the numbers of rows that together take everything; empty when something is left."""
    if len(above) < 2:
        return ()
    sides = [*_sets(above, below, groups), _hours(above, below), _days(above, below)]
    sides += [*_answers(above, below), _areas(above, below)]
    cells = 1
    for side in sides:
        cells *= len(side.values)
    if not 0 < cells <= MOST_CELLS:
        return ()
    used: set[int] = set()
    for cell in product(*(side.values for side in sides)):
        taker = next((row for row in above if _takes(row, cell, sides)), None)
        if taker is None:
            return ()
        used.add(taker.number)
    return tuple(sorted(used))


def leaves(codes: frozenset[str], groups: Groups) -> frozenset[str]:
    """Return categories in place of the groups that hold them."""
    return frozenset(leaf for code in codes for leaf in groups.get(code, frozenset({code})))


def _takes(row: Rule, cell: Sequence[Any], sides: Sequence[_Side]) -> bool:
    return all(side.takes(row, value) for side, value in zip(sides, cell, strict=True))


def _sets(above: Sequence[Rule], below: Rule, groups: Groups) -> list[_Side]:
    found: list[Callable[[Rule], frozenset[Any]]] = [
        lambda r: leaves(r.categories, groups),
        lambda r: r.villages,
        lambda r: r.streams,
        lambda r: r.severities,
        lambda r: r.channels,
    ]
    sides = [_set(above, below, of) for of in found]
    days = below.weekdays or frozenset(range(1, 8))  # there is no other day of the week
    return [*sides, _Side(sorted(days), lambda r, day: not r.weekdays or day in r.weekdays)]


def _set(above: Sequence[Rule], below: Rule, of: Callable[[Rule], frozenset[Any]]) -> _Side:
    named = {value for row in above for value in of(row)}
    values = _alike(of(below), [of(row) for row in above]) if of(below) else [*named, _OTHER]
    return _Side(values, lambda row, value: not of(row) or value in of(row))


def _alike(values: Iterable[Any], sets: Sequence[frozenset[Any]]) -> list[Any]:
    """Return one value of each sort that the sets tell apart."""
    return list({tuple(value in each for each in sets): value for value in values}.values())


def _hours(above: Sequence[Rule], below: Rule) -> _Side:
    edges = {0}
    for row in (*above, below):
        edges |= {at.hour * 60 + at.minute for at in (row.time_from, row.time_to) if at}
    minutes = [m for m in sorted(edges) if _in_hours(below, m)]
    return _Side(minutes, _in_hours)


def _in_hours(row: Rule, minute: int) -> bool:
    return (not row.time_from and not row.time_to) or deciding.covers_time(row, minute)


def _days(above: Sequence[Rule], below: Rule) -> _Side:
    edges = {date.min}
    for row in (*above, below):
        edges |= {row.valid_from} if row.valid_from else set()
        edges |= {row.valid_to + timedelta(days=1)} if row.valid_to else set()
    return _Side([day for day in sorted(edges) if _in_days(below, day)], _in_days)


def _in_days(row: Rule, day: date) -> bool:
    starts = row.valid_from is None or row.valid_from <= day
    return starts and (row.valid_to is None or day <= row.valid_to)


def _answers(above: Sequence[Rule], below: Rule) -> list[_Side]:
    codes = {code for row in above for code in row.answers}
    return [_answer(above, below, code) for code in sorted(codes)]


def _answer(above: Sequence[Rule], below: Rule, code: str) -> _Side:
    named = [row.answers[code] for row in above if code in row.answers]
    values = [below.answers[code]] if code in below.answers else [*dict.fromkeys(named), _OTHER]
    return _Side(values, lambda row, value: row.answers.get(code, value) == value)


def _areas(above: Sequence[Rule], below: Rule) -> _Side:
    """Cut the row's area along the others; a report without a point is in none of them."""
    shapes = [row.shape for row in above if row.area is not None]
    regions: list[BaseGeometry] = [below.shape] if below.area is not None else []
    if below.area is None and shapes:
        regions = [unary_union(shapes)]
    for shape in shapes:
        parts = [part for r in regions for part in (r & shape, r - shape)]
        regions = [part for part in parts if part.area > _SMALL]
    points = [region.representative_point() for region in regions]
    values = points if below.area is not None else [*points, None]
    return _Side(
        values,
        lambda row, at: row.area is None or (at is not None and bool(row.shape.covers(at))),
    )
