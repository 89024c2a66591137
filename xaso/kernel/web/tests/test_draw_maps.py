"""Villages and months drawn by the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kernel.web import drawing

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[103.0, 22.0], [104.0, 22.0], [104.0, 23.0], [103.0, 23.0], [103.0, 22.0]]],
}


def test_north_is_up_and_the_margin_is_kept():
    frame = drawing.frame([SQUARE], width=900, margin=30)
    assert frame.at(103, 23) == (30, 30)
    assert frame.at(104, 22)[0] == 870
    assert frame.at(104, 22)[1] > 900  # at 22.5° north a degree of latitude is longer
    assert frame.box == f"0 0 900 {frame.height}"


def test_an_outline_closes_and_holds_no_comma():
    path = drawing.frame([SQUARE]).path(SQUARE)
    assert path.startswith("M30 ")
    assert path.endswith("z")
    assert "," not in path


def test_several_pieces_are_several_rings():
    pieces = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]] * 2}
    assert drawing.frame([pieces]).path(pieces).count("M") == 2


def test_no_geometry_no_path():
    assert drawing.frame([SQUARE]).path(None) == ""
    with pytest.raises(ValueError, match="nothing to draw"):
        drawing.frame([None])


def test_one_day_is_not_a_line():
    assert drawing.spark([3]) is None


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=60))
def test_a_line_stays_inside_its_box(values):
    spark = drawing.spark(values, width=520, height=150)
    points = [tuple(map(int, pair.split())) for pair in spark.line.removeprefix("M").split("L")]
    assert len(points) == len(values)
    assert all(0 <= x <= 520 and 0 <= y <= 150 for x, y in points)


def test_a_quiet_month_lies_at_the_bottom():
    assert set(drawing.spark([0, 0, 0]).line.split("L")) != set()
    assert all(point.endswith(" 138") for point in drawing.spark([0, 0]).line[1:].split("L"))
