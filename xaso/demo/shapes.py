"""Schematic maps: an outline of the true size around the true centre, cut into villages.

No official boundary is used or imitated. The outline is a circle of the commune's area made
irregular; each village is the land nearest to its centre (a Voronoi cell), with edges roughened so
that nobody takes them for surveyed lines. Lengths are km on a plane through the commune's centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, exp, hypot, pi, radians, sin, sqrt
from random import Random
from typing import Any, cast

import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.polygon import orient

from xaso.demo.dice import dice

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of radius 6,371 km
MIN_DISTANCE_KM = 0.3  # between two village centres
_STEPS = 240  # corners of the outline before it is simplified
_ROUNDS = 14  # of spreading the centres out
_MARGIN_KM = 0.9  # between a former seat and the outline

XY = tuple[float, float]


@dataclass(frozen=True)
class Land:
    """What is known of a commune's land: the centre, the area, the seats it grew from."""

    lat: float
    lon: float
    area_km2: float
    seats: tuple[tuple[float, float], ...]  # (lat, lon) of the former communes' seats

    def plane(self, lat: float, lon: float) -> XY:
        """Return km east and north of the centre."""
        return (lon - self.lon) * self._km_per_degree_east, (lat - self.lat) * KM_PER_DEGREE

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return (lon, lat) with 6 decimals, as GeoJSON (RFC 7946) orders them."""
        return (
            round(self.lon + x / self._km_per_degree_east, 6),
            round(self.lat + y / KM_PER_DEGREE, 6),
        )

    @property
    def _km_per_degree_east(self) -> float:
        return KM_PER_DEGREE * cos(radians(self.lat))


LANDS = {
    "binh-lu": Land(
        22.3532, 103.678, 173.91,
        ((22.3317, 103.6189), (22.3648, 103.6421), (22.3545, 103.6942)),
    ),
    "ban-bo": Land(22.2846, 103.697, 100.82, ((22.2838, 103.6761), (22.2732, 103.6457))),
    "tan-phong": Land(
        22.3534, 103.485, 106.77,
        ((22.3880, 103.4714), (22.3818, 103.4786), (22.3899, 103.5050),
         (22.3508, 103.4627), (22.3235, 103.5090)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A village's centre and land, in degrees."""

    lat: float
    lon: float
    polygon: dict[str, Any]


@dataclass(frozen=True)
class Map:
    """A commune's outline and its villages."""

    boundary: dict[str, Any]
    cells: list[Cell]


def draw(slug: str, count: int, seed: int) -> Map:
    """Return the schematic map of a demo commune with so many villages."""
    land = LANDS[slug]
    outline = _outline(land, dice(seed, slug, "outline"))
    centres = _centres(land, outline, count, dice(seed, slug, "centres"))
    seat = land.plane(*land.seats[0])
    centres.sort(key=lambda c: hypot(c[0] - seat[0], c[1] - seat[1]))  # the town's groups first
    pieces = _pieces(outline, centres, dice(seed, slug, "edges"))
    whole = cast("Polygon", shapely.unary_union(pieces))
    return Map(
        _geojson(land, whole),
        [
            Cell(lat, lon, _geojson(land, piece))
            for piece, (lon, lat) in zip(
                pieces, (land.degrees(*centre) for centre in centres), strict=True
            )
        ],
    )


def _outline(land: Land, chance: Random) -> Polygon:
    """Return a wobbly shape of the commune's area that holds its former seats."""
    waves = [(k, chance.uniform(0.10, 0.17) / k, chance.uniform(0, 2 * pi)) for k in range(2, 10)]
    seats = [land.plane(*seat) for seat in land.seats]
    radius = sqrt(land.area_km2 / pi)
    shape = Polygon()
    for _round in range(8):
        shape = Polygon(_ring(radius, waves, seats))
        radius *= sqrt(land.area_km2 / shape.area)
    return cast("Polygon", shape.simplify(0.03))


def _ring(radius: float, waves: list[tuple[int, float, float]], seats: list[XY]) -> list[XY]:
    def reach(angle: float) -> float:
        return radius * (1 + sum(a * cos(k * angle + phase) for k, a, phase in waves))

    def bulge(angle: float) -> float:
        outwards = 0.0
        for x, y in seats:
            seat = atan2(y, x)
            missing = max(0.0, hypot(x, y) + _MARGIN_KM - reach(seat))
            away = atan2(sin(angle - seat), cos(angle - seat))
            outwards = max(outwards, missing * exp(-((away / 0.45) ** 2)))
        return outwards

    angles = [2 * pi * i / _STEPS for i in range(_STEPS)]
    return [((r := reach(a) + bulge(a)) * cos(a), r * sin(a)) for a in angles]


def _centres(land: Land, outline: Polygon, count: int, chance: Random) -> list[XY]:
    """Return village centres: dense around the former seats, then spread until they fit."""
    inner = outline.buffer(-0.35)
    seats = [land.plane(*seat) for seat in land.seats] + [(0.0, 0.0)]
    centres: list[XY] = []
    while len(centres) < count:
        x, y = chance.choice(seats)
        spot = (x + chance.gauss(0, 1.6), y + chance.gauss(0, 1.6))
        if inner.contains(Point(spot)) and _far(spot, centres):
            centres.append(spot)
    for _round in range(_ROUNDS):
        cells = _voronoi(outline, centres)
        centres = [_towards(c, cell.centroid) for c, cell in zip(centres, cells, strict=True)]
    return centres


def _far(spot: XY, others: Sequence[XY]) -> bool:
    return all(hypot(spot[0] - x, spot[1] - y) >= MIN_DISTANCE_KM for x, y in others)


def _towards(spot: XY, goal: Point) -> XY:
    return spot[0] + (goal.x - spot[0]) * 0.7, spot[1] + (goal.y - spot[1]) * 0.7


def _voronoi(outline: Polygon, centres: Sequence[XY]) -> list[Polygon]:
    """Return the land nearest to each centre, in the order of the centres."""
    cells = shapely.voronoi_polygons(MultiPoint(centres), extend_to=outline)
    found = []
    for centre in centres:
        cell = next(c for c in cells.geoms if c.contains(Point(centre)))
        piece = cell.intersection(outline)
        parts = getattr(piece, "geoms", [piece])
        found.append(next(p for p in parts if p.contains(Point(centre))))
    return found


def _pieces(outline: Polygon, centres: Sequence[XY], chance: Random) -> list[Polygon]:
    """Return the cells with rough edges; two neighbours share every corner of theirs."""
    cells = _voronoi(outline, centres)
    rough: dict[tuple[XY, XY], list[XY]] = {}
    for cell in cells:
        for a, b in _edges(cell):
            edge = (min(a, b), max(a, b))
            if edge not in rough:
                rough[edge] = _roughen(*edge, chance)
    return [Polygon(_walk(cell, rough)) for cell in cells]


def _walk(cell: Polygon, rough: dict[tuple[XY, XY], list[XY]]) -> list[XY]:
    ring: list[XY] = []
    for a, b in _edges(cell):
        between = rough[min(a, b), max(a, b)]
        ring += [a, *(between if a < b else reversed(between))]
    return ring


def _edges(cell: Polygon) -> list[tuple[XY, XY]]:
    points = [_key(p) for p in cell.exterior.coords]
    return [(a, b) for a, b in pairwise(points) if a != b]


def _key(point: Sequence[float]) -> XY:
    """Return a corner rounded to a tenth of a metre, so that neighbours agree on it."""
    return round(point[0], 4), round(point[1], 4)


def _middle(a: XY, b: XY) -> XY:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _roughen(a: XY, b: XY, chance: Random) -> list[XY]:
    """Return points between two corners, pushed aside like a stream or a ridge."""
    length = hypot(b[0] - a[0], b[1] - a[1])
    if length < 0.5:
        return []
    x, y = _middle(a, b)
    aside = chance.uniform(-0.15, 0.15)
    middle = _key((x - (b[1] - a[1]) * aside, y + (b[0] - a[0]) * aside))
    return [*_roughen(a, middle, chance), middle, *_roughen(middle, b, chance)]


def _geojson(land: Land, shape: Polygon) -> dict[str, Any]:
    """Return a GeoJSON polygon, counter-clockwise, in degrees with 6 decimals."""
    ring = [list(land.degrees(x, y)) for x, y in orient(shape).exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}
