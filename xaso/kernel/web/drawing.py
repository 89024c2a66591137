"""Small drawings by the server: a commune's villages, a month as a line. No library, no script.

All numbers come out as text: templates write numbers the Vietnamese way (12,5), which no SVG
reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

Ring = Sequence[Sequence[float]]
Geometry = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """Where longitude and latitude fall on a drawing `width` units wide (equirectangular)."""

    west: float
    north: float
    scale: float
    squeeze: float
    width: int
    height: int

    @property
    def box(self) -> str:
        """Return the drawing's `viewBox`."""
        return f"0 0 {self.width} {self.height}"

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        """Return the point of a place, in whole units."""
        x = (lon - self.west) * self.squeeze * self.scale
        return round(x), round((self.north - lat) * self.scale)

    def path(self, geometry: Geometry | None) -> str:
        """Return the outline of a GeoJSON Polygon or MultiPolygon; empty text for nothing."""
        return "".join(self._ring(ring) for ring in rings(geometry))

    def _ring(self, ring: Ring) -> str:
        points = [self.at(point[0], point[1]) for point in ring]
        (x, y), rest = points[0], points[1:]
        drawn = f"M{x} {y}"
        for right, down in rest:
            drawn += f"l{right - x} {down - y}"
            x, y = right, down
        return drawn + "z"


def frame(geometries: Iterable[Geometry | None], *, width: int = 900, margin: int = 30) -> Frame:
    """Return a frame that holds all the geometries; refuses an empty set with ValueError."""
    points = [p for geometry in geometries for ring in rings(geometry) for p in ring]
    if not points:
        raise ValueError("nothing to draw")
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    scale = (width - 2 * margin) / max((east - west) * squeeze, 1e-6)
    edge = margin / scale
    return Frame(
        west=west - edge / squeeze,
        north=north + edge,
        scale=scale,
        squeeze=squeeze,
        width=width,
        height=round((north - south + 2 * edge) * scale),
    )


def rings(geometry: Geometry | None) -> list[Ring]:
    """Return the rings of a GeoJSON Polygon or MultiPolygon."""
    if not geometry:
        return []
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


@dataclass(frozen=True)
class Spark:
    """A small line: its path, the area below it, its `viewBox`."""

    line: str
    area: str
    box: str


def spark(values: Sequence[float], *, width: int = 520, height: int = 150) -> Spark | None:
    """Return values drawn from left to right, the greatest near the top, 0 at the bottom.

    None for fewer than two values: one point is not a line.
    """
    if len(values) < 2:
        return None
    top, left = 12, 8
    step = (width - 2 * left) / (len(values) - 1)
    unit = (height - 2 * top) / (max(values) or 1)
    points = [
        (round(left + i * step), round(height - top - v * unit)) for i, v in enumerate(values)
    ]
    line = "M" + "L".join(f"{x} {y}" for x, y in points)
    area = f"{line}L{points[-1][0]} {height}L{points[0][0]} {height}Z"
    return Spark(line, area, f"0 0 {width} {height}")
