"""Drawings of the page of figures: bars of a period, and where reports gather on the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xaso.kernel.places.models import Commune
from xaso.kernel.text import so
from xaso.kernel.web import drawing
from xaso.reports.queries.insight import Bar, Insight, Spot

_WIDTH, _HEIGHT, _TOP = 720, 240, 24
_BASE = _HEIGHT - 30  # dates stand below
_LABELS = 8  # more dates than that run into each other
_STEPS = 5  # shades of the map
_NAMES, _NAME_WIDE, _NAME_HIGH = 5, 170, 30  # names on the map, and the room one takes


@dataclass(frozen=True)
class Drawn:
    """One bar: where it stands, and what it says."""

    x: int
    width: int
    y: int
    height: int
    answered_y: int | None
    label: str  # under the bar; empty for most
    said: str
    received: int
    answered: int | None


@dataclass(frozen=True)
class Chart:
    """Bars from left to right over a line at 0, the greatest count at the top."""

    box: str
    base: int
    most: int
    top: int
    width: int
    bars: Sequence[Drawn]


def bars(found: Sequence[Bar]) -> Chart:
    """Return the bars of a period; a marker on each shows what was answered."""
    most = max([1, *(b.received for b in found), *(b.answered or 0 for b in found)])
    step = _WIDTH / max(1, len(found))
    every = -(-len(found) // _LABELS)
    unit = (_BASE - _TOP) / most
    drawn = [
        _bar(bar, n * step, step, unit, _short(bar.first) if n % every == 0 else "")
        for n, bar in enumerate(found)
    ]
    return Chart(f"0 0 {_WIDTH} {_HEIGHT}", _BASE, most, _TOP, _WIDTH, drawn)


def _bar(bar: Bar, left: float, room: float, unit: float, label: str) -> Drawn:
    """Draw one bar into its room; `unit` is the height of one report."""
    height = round(bar.received * unit)
    width = max(2, round(room * 0.72))
    return Drawn(
        x=round(left + (room - width) / 2),
        width=width,
        y=_BASE - height,
        height=height,
        answered_y=None if bar.answered is None else _BASE - round(bar.answered * unit),
        label=label,
        said=said(bar),
        received=bar.received,
        answered=bar.answered,
    )


def said(bar: Bar) -> str:
    """Return the days of a bar in words: `23/11` or `16/11–22/11`."""
    if bar.first == bar.last:
        return _short(bar.first)
    return f"{_short(bar.first)}–{_short(bar.last)}"


def heat(commune: Commune, seen: Insight) -> dict[str, Any] | None:
    """Return villages shaded by how many reports came from them, and the squares where they stand.

    None for a commune whose villages have no borders.
    """
    shapes = [village.polygon for village in seen.places if village.polygon]
    if not shapes:
        return None
    frame = drawing.frame([*shapes, commune.boundary])
    counts = {each.key: each.n for each in seen.villages if each.key}
    most = max(counts.values(), default=0)
    areas: list[dict[str, Any]] = [
        {
            "path": frame.path(village.polygon),
            "name": village.name,
            "count": counts.get(village.pk, 0),
            "step": _shade(counts.get(village.pk, 0), most),
            "at": frame.at(village.lon, village.lat),
        }
        for village in seen.places
        if village.polygon
    ]
    named = _apart(sorted(areas, key=lambda area: -area["count"]))
    return {
        "box": frame.box,
        "outline": frame.path(commune.boundary),
        "areas": areas,
        "named": named,
        "spots": [_spot(spot, frame) for spot in seen.spots],
        "legend": _legend(most),
        "title": _title(named),
    }


def _apart(areas: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the fullest villages whose names do not run into each other on the map."""
    kept: list[dict[str, Any]] = []
    for area in areas:
        x, y = area["at"]
        if area["count"] and all(
            abs(x - other["at"][0]) > _NAME_WIDE or abs(y - other["at"][1]) > _NAME_HIGH
            for other in kept
        ):
            kept.append(area)
    return kept[:_NAMES]


def _shade(count: int, most: int) -> int:
    """Return 0 for none, else 1 to 5."""
    return 0 if not count or not most else max(1, -(-count * _STEPS // most))


def _legend(most: int) -> list[tuple[int, str]]:
    """Return each shade with the counts it stands for."""
    shades: dict[int, list[int]] = {}
    for count in range(1, most + 1):
        shades.setdefault(_shade(count, most), []).append(count)
    ends = [(shade, counts[0], counts[-1]) for shade, counts in shades.items()]
    return [(s, so(low) if low == high else f"{so(low)}–{so(high)}") for s, low, high in ends]


def _spot(spot: Spot, frame: drawing.Frame) -> dict[str, Any]:
    x, y = frame.at(spot.lon, spot.lat)
    return {"x": x, "y": y, "r": min(26, round(5 + 3 * spot.n**0.5)), "hot": spot.is_hot}


def _title(named: Sequence[dict[str, Any]]) -> str:
    listed = ", ".join(f"{a['name']} ({so(a['count'])})" for a in named)
    return _("Bản đồ nơi bà con phản ánh nhiều nhất: %(list)s.") % {"list": listed or _("không có")}


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"
