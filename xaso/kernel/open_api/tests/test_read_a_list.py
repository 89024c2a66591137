"""A program reads a long list page by page, and nothing twice over the wire."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.kernel.open_api.tests.conftest import HERE
from xaso.kernel.places.models import Place


def _all(client, query: str = "limit=7") -> list[str]:
    seen, path = [], f"{HERE}?{query}"
    for _ in range(100):
        answer = client.get(path)
        assert answer.status_code == 200
        seen += answer.json()["items"]
        found = re.fullmatch(r'<(.+)>; rel="next"', answer.get("Link", ""))
        if not found:
            return seen
        path = found.group(1)
    raise AssertionError("the list never ends")


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 50])
def test_every_row_comes_once_and_in_order(places, client, count) -> None:
    places(count)
    expected = [p.text for p in Place.objects.order_by("-lat", "-id")]
    assert _all(client) == expected


def test_rows_that_arrive_meanwhile_neither_repeat_nor_hide_others(sample, places, client) -> None:
    places(20)
    first = client.get(f"{HERE}?limit=10").json()
    Place.objects.create(commune=sample, text="mới", lat=80, lon=1, precision="exact")
    second = client.get(f"{HERE}?limit=10&cursor={first['next']}").json()
    assert len(set(first["items"]) | set(second["items"])) == 20
    assert "mới" not in second["items"]


def test_a_page_holds_at_most_a_hundred(places, client) -> None:
    places(120)
    for limit in (101, 5_000, 10**12):
        assert len(client.get(f"{HERE}?limit={limit}").json()["items"]) == 100
    for limit in (0, -1):
        assert len(client.get(f"{HERE}?limit={limit}").json()["items"]) == 1


def test_a_page_is_one_statement(places, client) -> None:
    places(30)
    with CaptureQueriesContext(connection) as seen:
        client.get(f"{HERE}?limit=10")
    assert len([q for q in seen.captured_queries if "places_place" in q["sql"]]) == 1


def test_a_cursor_belongs_to_its_list(places, client) -> None:
    places(30)
    cursor = client.get(f"{HERE}?limit=10").json()["next"]
    assert client.get(f"{HERE}?limit=10&cursor={cursor}").status_code == 200
    other = client.get(f"{HERE}?limit=10&state=new&cursor={cursor}")
    assert other.status_code == 422
    assert "đọc lại từ đầu" in other.json()["errors"]["cursor"][0]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=200))
def test_a_made_up_cursor_is_refused(sample, client, cursor) -> None:
    answer = client.get(HERE, {"cursor": cursor})
    assert answer.status_code == (422 if cursor else 200)


def test_an_answer_someone_has_is_not_sent_again(places, client) -> None:
    places(2)
    first = client.get(f"{HERE}/version")
    assert first["Cache-Control"] == "public, max-age=60"
    with CaptureQueriesContext(connection) as seen:
        again = client.get(f"{HERE}/version", headers={"If-None-Match": f'"x", {first["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert not [q for q in seen.captured_queries if "places_place" in q["sql"]]
    assert client.get(f"{HERE}/version", headers={"If-None-Match": '"x"'}).status_code == 200


def test_another_filter_is_another_answer(sample, client) -> None:
    first = client.get(f"{HERE}/version?a=1")
    other = client.get(f"{HERE}/version?a=2", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
