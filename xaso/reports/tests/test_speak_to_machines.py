"""A phone's queue and other systems: sent once however often, photos one by one, lists in pages."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.reports import actions
from xaso.reports.models import Photo, Report
from xaso.reports.tests.test_use_the_pages import jpeg

pytestmark = pytest.mark.django_db
API = "/binh-lu/api/v1"
JPEG = jpeg().getvalue()
SHA = hashlib.sha256(JPEG).hexdigest()
Put = Callable[..., Any]


@pytest.fixture(autouse=True)
def _forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def body(village: Village) -> dict[str, Any]:
    return {
        "v": 1,
        "category": "ROAD-DAMAGE",
        "text": "Đất sạt lấp nửa đường.",
        "place": {
            "village": village.code,
            "landmark": "Qua cầu treo",
            "lat": 22.317,
            "lon": 103.63,
        },
        "photos": [{"sha256": SHA, "bytes": len(JPEG)}],
        "sent_at": "2026-11-23T14:00:00+07:00",
    }


@pytest.fixture
def put(client: Client) -> Put:
    def sent(key: object, body: object) -> Any:
        return client.put(f"{API}/reports/{key}", body, content_type="application/json")

    return sent


def test_first_201_again_200_other_words_409(put: Put, body: dict[str, Any]) -> None:
    key = uuid4()
    first = put(key, body)
    again = put(key, body | {"sent_at": "2026-11-23T15:00:00+07:00"})
    other = put(key, body | {"text": "Lời khác"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["code"] == again.json()["code"] == other.json()["receipt"]["code"]
    assert other["Content-Type"] == "application/problem+json"
    assert {r["X-Xaso"] for r in (first, again, other)} == {"1"}
    assert Report.objects.count() == 1


def test_a_photo_follows_and_is_stored_once(client: Client, put: Put, body: dict[str, Any]) -> None:
    key = uuid4()
    address = f"{API}/reports/{key}/photos/{SHA}"
    assert client.put(address, JPEG, content_type="image/jpeg").status_code == 404
    assert put(key, body).json()["missing"] == [{"sha": SHA, "have": 0}]
    first = client.put(address, JPEG, content_type="image/jpeg")
    again = client.put(address, JPEG, content_type="image/jpeg")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["missing"] == []
    assert client.get(f"{API}/reports/{key}").json()["missing"] == []
    assert Photo.objects.get().state == "received"


def test_other_bytes_wrong_types_and_strays_are_refused(
    client: Client, put: Put, body: dict[str, Any]
) -> None:
    key = uuid4()
    put(key, body)
    address = f"{API}/reports/{key}/photos/{SHA}"
    assert client.put(address, b"x" * 50, content_type="image/jpeg").status_code == 422
    assert client.put(address, JPEG, content_type="text/html").status_code == 415
    text = b"day khong phai anh"
    stray = f"{API}/reports/{key}/photos/{hashlib.sha256(text).hexdigest()}"
    assert client.put(stray, text, content_type="image/jpeg").status_code == 415
    assert Photo.objects.get().state == "expected"


def test_what_is_wrong_is_named_by_field(put: Put, body: dict[str, Any]) -> None:
    wrong = put(uuid4(), {"v": 1, "category": "NOPE"})
    assert wrong.status_code == 422
    assert "category" in wrong.json()["errors"]
    nowhere = put(uuid4(), body | {"place": {}, "text": "", "photos": []})
    assert set(nowhere.json()["errors"]) == {"place", "text"}
    assert put(uuid4(), body | {"unknown": 1}).status_code == 422
    assert put(uuid4(), body | {"text": "x" * 9_000}).status_code in (413, 422)
    assert put("nonsense", body).status_code in (404, 405)
    assert wrong["X-Xaso"] == "1"


@pytest.mark.parametrize(
    "odd",
    [
        {"text": "a\x00b"},
        {"answers": {"k\x00": "v\x00"}},
        {"captured_at": "9999-12-31T23:59:59Z"},
        {"captured_at": "0001-01-01T00:00:00Z", "sent_at": "9999-12-31T00:00:00Z"},
        {"contact": {"name": "\x00\u202e", "phone": "0912000135"}},
        {"lang": "mww"},
    ],
)
def test_odd_but_lawful_values_are_taken(
    put: Put, body: dict[str, Any], odd: dict[str, Any]
) -> None:
    assert put(uuid4(), body | odd).status_code == 201


@pytest.mark.parametrize(
    "odd",
    [
        {"place": {"village": "\x00"}},
        {"place": {"lat": float("nan"), "lon": 1}},
        {"place": {"lat": 22.0, "lon": 181}},
        {"photos": [{"sha256": "zz"}]},
        {"sent_at": "2026-11-23T14:00:00"},
        {"lang": "vi"},
    ],
)
def test_values_that_cannot_be_are_refused(
    put: Put, body: dict[str, Any], odd: dict[str, Any]
) -> None:
    assert put(uuid4(), body | odd).status_code == 422


def test_a_create_by_machine_costs_at_most_twelve_statements(
    put: Put, body: dict[str, Any]
) -> None:
    put(uuid4(), body)
    with CaptureQueriesContext(connection) as said:
        assert put(uuid4(), body).status_code == 201
    real = [q["sql"] for q in said if "set_config" not in q["sql"] and "POINT" not in q["sql"]]
    assert len(real) <= 12, "\n".join(sql[:110] for sql in real)


def test_categories_cost_two_statements_and_then_nothing_is_sent(client: Client) -> None:
    client.get(f"{API}/categories")
    with CaptureQueriesContext(connection) as said:
        first = client.get(f"{API}/categories")
    real = [q for q in said if "set_config" not in q["sql"] and "POINT" not in q["sql"]]
    assert len(real) <= 2
    assert {item["code"] for item in first.json()["items"]} >= {"LIGHT", "WATER", "OTHER"}
    again = client.get(f"{API}/categories", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_the_public_list_and_one_report(client: Client, report: Report, clerk_actor: Actor) -> None:
    assert client.get(f"{API}/reports").json() == {"items": [], "next": ""}
    actions.publish(report, "Đất sạt lấp đường", by=clerk_actor)
    with CaptureQueriesContext(connection) as said:
        (line,) = client.get(f"{API}/reports", {"q": "dat sat", "limit": 50}).json()["items"]
    real = [q for q in said if "set_config" not in q["sql"] and "POINT" not in q["sql"]]
    assert len(real) <= 5
    assert line["code"] == report.code
    one = client.get(f"{API}/reports/{report.code}").json()
    assert one["text"] == "Đất sạt lấp đường"
    assert one["steps"][0]["title"] == "Bà con gửi"
    assert client.get(f"{API}/reports/482915708").status_code == 422
    assert client.get(f"{API}/reports", {"limit": 0}).status_code == 422
    assert client.get(f"{API}/reports", {"cursor": "%%"}).status_code == 200


def test_a_key_reads_what_officials_see_but_never_who_sent_it(
    client: Client, town: Commune, report: Report
) -> None:
    from datetime import timedelta

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.identity import actions as identity
    from xaso.kernel.working_time import clock

    until = clock.now() + timedelta(days=30)
    new = identity.NewKey("Bảng theo dõi", ("reports.read",), until)
    _key, shown = identity.create_api_key(town, new, by=SYSTEM)
    bearer = {"Authorization": f"Bearer {shown}"}
    assert client.get(f"{API}/desk/reports").status_code == 401
    (job,) = client.get(f"{API}/desk/reports", headers=bearer).json()["items"]
    assert (job["code"], job["village"]) == (report.code, "BL-02")
    one = client.get(f"{API}/desk/reports/{report.code}", headers=bearer).json()
    assert one["text"] == report.text
    assert [e["kind"] for e in one["events"]] == ["receive"]
    assert not {"name", "phone", "reporter"} & set(one)
    odd = client.get(f"{API}/desk/reports", {"state": "?"}, headers=bearer)
    assert odd.status_code == 422


def test_a_photo_named_twice_is_one_photo(put: Put, body: dict[str, Any]) -> None:
    answer = put(uuid4(), body | {"photos": body["photos"] * 2})
    assert answer.status_code == 201
    assert Photo.objects.count() == 1
