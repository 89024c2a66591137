"""The wall shows figures without counting records: acts count themselves."""

from collections import Counter as Tally
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from xaso.kernel.measures import actions, queries
from xaso.kernel.measures.cells import Cell, pair
from xaso.kernel.measures.queries import Sums
from xaso.kernel.tenancy import actions as tenancy

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
WEEK = (MONDAY, MONDAY + timedelta(days=7))
ROAD, WASTE = {"category": "ROAD"}, {"category": "WASTE"}
COMMUNE, NEIGHBOUR = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def _inside_a_commune(db):
    with tenancy.inside(COMMUNE):
        yield


def test_acts_add_up() -> None:
    for dims in (ROAD, ROAD, WASTE, None):
        actions.count("received", commune=COMMUNE, day=MONDAY, dims=dims, total=Decimal("1.5"))
    assert queries.total("received", COMMUNE, *WEEK) == Sums(4, Decimal(6))
    assert queries.total("received", COMMUNE, *WEEK, dims=ROAD) == Sums(2, Decimal(3))
    assert queries.total("answered", COMMUNE, *WEEK) == Sums(0, Decimal(0))


def test_a_correction_subtracts_and_adds() -> None:
    actions.count("received", commune=COMMUNE, day=MONDAY, dims=ROAD)
    moved = [Cell("received", MONDAY, ROAD, -1), Cell("received", MONDAY, WASTE, 1)]
    actions.count_all(moved, commune=COMMUNE)
    assert queries.by_dim("category", "received", COMMUNE, *WEEK) == {
        "WASTE": Sums(1, Decimal(0)),
        "ROAD": Sums(0, Decimal(0)),
    }


def test_days_are_half_open() -> None:
    for n in range(9):
        actions.count("received", commune=COMMUNE, day=MONDAY + timedelta(days=n), n=n)
    days = queries.by_day("received", COMMUNE, *WEEK)
    assert [sums.n for sums in days.values()] == [0, 1, 2, 3, 4, 5, 6]
    assert list(days) == sorted(days)


def test_two_dimensions_are_read_one_by_one() -> None:
    for village, category in (("BL-01", "ROAD"), ("BL-02", "ROAD"), ("BL-01", "WASTE")):
        dims = {"village": village, "category": category}
        actions.count("received", commune=COMMUNE, day=MONDAY, dims=dims)
    by_village = queries.by_dim("village", "received", COMMUNE, *WEEK)
    assert {village: sums.n for village, sums in by_village.items()} == {"BL-01": 2, "BL-02": 1}
    both = {"category": "ROAD", "village": "BL-02"}
    assert queries.total("received", COMMUNE, *WEEK, dims=both).n == 1
    with pytest.raises(ValueError, match="at most 2"):
        pair({"a": "1", "b": "2", "c": "3"})


def test_nothing_to_count_is_fine() -> None:
    actions.count_all([], commune=COMMUNE)
    assert queries.by_day("received", COMMUNE, *WEEK) == {}


def test_a_neighbours_figures_stay_its_own() -> None:
    actions.count("received", commune=COMMUNE, day=MONDAY)
    with tenancy.inside(NEIGHBOUR):
        actions.count("received", commune=NEIGHBOUR, day=MONDAY, n=5)
        assert queries.total("received", COMMUNE, *WEEK).n == 0
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        actions.count("received", commune=NEIGHBOUR, day=MONDAY)
    assert queries.total("received", None, *WEEK).n == 1


def test_the_province_reads_the_sum_of_its_communes() -> None:
    actions.count("received", commune=COMMUNE, day=MONDAY, n=2)
    with tenancy.inside(NEIGHBOUR):
        actions.count("received", commune=NEIGHBOUR, day=MONDAY, n=5)
    with tenancy.province([COMMUNE, NEIGHBOUR]):
        assert queries.total("received", None, *WEEK).n == 7
        assert queries.total("received", NEIGHBOUR, *WEEK).n == 5


def test_counters_equal_a_recount_after_many_random_events() -> None:
    chance, facts = Random(766), Tally()  # noqa: S311 - repeatable on purpose
    for _ in range(300):
        day = MONDAY + timedelta(days=chance.randrange(7))
        category, n = chance.choice(["ROAD", "WASTE", "LIGHT"]), chance.choice([1, 1, 1, -1])
        actions.count("received", commune=COMMUNE, day=day, n=n, dims={"category": category})
        facts[day, category] += n
    recount = [Cell("received", day, {"category": c}, n) for (day, c), n in facts.items()]
    where = {"commune": COMMUNE, "since": WEEK[0], "until": WEEK[1]}
    assert queries.drift("received", recount, **where) == []


def test_an_injected_drift_is_found_and_mended() -> None:
    actions.count("received", commune=COMMUNE, day=MONDAY, n=4, dims=ROAD)
    facts = [
        Cell("received", MONDAY, ROAD, 2),
        Cell("received", MONDAY, ROAD, 1),
        Cell("received", MONDAY, WASTE, 1, Decimal("2.5")),
    ]
    where = {"commune": COMMUNE, "since": WEEK[0], "until": WEEK[1]}
    found = actions.repair("received", facts, **where)
    assert [(each.dims, each.counted, each.recounted) for each in found] == [
        (ROAD, 4, 3),
        (WASTE, 0, 1),
    ]
    assert queries.drift("received", facts, **where) == []
    assert queries.total("received", COMMUNE, *WEEK) == Sums(4, Decimal("2.5"))
