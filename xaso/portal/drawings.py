"""A commune drawn from its outline and villages, for cards and the villages' page."""

from collections.abc import Iterable
from dataclasses import dataclass

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web import drawing


@dataclass(frozen=True)
class Area:
    """One village on the drawing."""

    path: str
    x: int
    y: int
    name: str
    count: int = 0
    state: str = ""


@dataclass(frozen=True)
class Map:
    """What the part `_map_commune.svg` needs."""

    box: str
    outline: str
    areas: list[Area]


def commune(place: Commune, villages: Iterable[Village] = (), *, width: int = 900) -> Map | None:
    """Return the drawing of a commune; nothing when its outline is not known."""
    if not place.boundary:
        return None
    frame = drawing.frame([place.boundary], width=width)
    areas = []
    for village in villages:
        x, y = frame.at(village.lon, village.lat)
        areas.append(Area(frame.path(village.polygon), x, y, village.name))
    return Map(frame.box, frame.path(place.boundary), areas)
