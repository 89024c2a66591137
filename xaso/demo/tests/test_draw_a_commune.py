"""The schematic maps: plausible, complete, repeatable."""

from itertools import combinations
from math import cos, radians

import pytest
from shapely.geometry import Point, shape

from xaso.demo import names, shapes
from xaso.kernel.text.folding import fold

SEED = 20250701
SLUGS = {"binh-lu": 35, "ban-bo": 20, "tan-phong": 46}


@pytest.fixture(params=SLUGS)
def slug(request):
    return request.param


def _km2(geometry, lat: float) -> float:
    return shape(geometry).area * 111.195**2 * cos(radians(lat))


def test_so_many_villages_with_unique_names_and_codes(slug) -> None:
    found = names.villages(slug, SEED)
    assert len(found) == SLUGS[slug]
    assert len({fold(v.name) for v in found}) == len({v.code for v in found}) == SLUGS[slug]
    assert found[0].code.endswith("-01")


def test_the_area_is_true_within_three_percent(slug) -> None:
    land = shapes.LANDS[slug]
    drawn = shapes.draw(slug, SLUGS[slug], SEED)
    assert _km2(drawn.boundary, land.lat) == pytest.approx(land.area_km2, rel=0.03)


def test_villages_fill_the_commune_without_overlap(slug) -> None:
    drawn = shapes.draw(slug, SLUGS[slug], SEED)
    pieces = [shape(cell.polygon) for cell in drawn.cells]
    assert all(piece.is_valid for piece in pieces)
    whole = shape(drawn.boundary).area
    assert sum(piece.area for piece in pieces) == pytest.approx(whole, rel=1e-6)
    overlap = sum(a.intersection(b).area for a, b in combinations(pieces, 2))
    assert overlap < whole * 1e-6


def test_each_centre_lies_in_its_own_village_at_least_300_m_from_the_next(slug) -> None:
    drawn = shapes.draw(slug, SLUGS[slug], SEED)
    for cell in drawn.cells:
        assert shape(cell.polygon).contains(Point(cell.lon, cell.lat))
    for a, b in combinations(drawn.cells, 2):
        north = (a.lat - b.lat) * 111.195
        east = (a.lon - b.lon) * 111.195 * cos(radians(a.lat))
        assert north**2 + east**2 >= shapes.MIN_DISTANCE_KM**2


def test_the_former_seats_lie_inside(slug) -> None:
    boundary = shape(shapes.draw(slug, SLUGS[slug], SEED).boundary)
    assert all(boundary.contains(Point(lon, lat)) for lat, lon in shapes.LANDS[slug].seats)


def test_coordinates_have_six_decimals_and_longitude_first(slug) -> None:
    ring = shapes.draw(slug, SLUGS[slug], SEED).boundary["coordinates"][0]
    assert ring[0] == ring[-1]
    assert all(102.3 < lon < 104.1 and 21.6 < lat < 22.9 for lon, lat in ring)
    assert all(round(v, 6) == v for point in ring for v in point)


def test_the_same_seed_gives_the_same_map_and_another_seed_another(slug) -> None:
    one = shapes.draw(slug, SLUGS[slug], SEED)
    assert one == shapes.draw(slug, SLUGS[slug], SEED)
    assert one != shapes.draw(slug, SLUGS[slug], SEED + 1)
    assert names.villages(slug, SEED) == names.villages(slug, SEED)
