"""A program that calls us wrongly reads a stable code and a Vietnamese sentence."""

import json

import pytest
from django.db import OperationalError

from xaso.kernel.open_api import caching
from xaso.kernel.open_api.tests.conftest import HERE
from xaso.kernel.places.models import Place

PROBLEM = "application/problem+json"


def _read(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith(PROBLEM)
    body = json.loads(answer.content)
    assert body["status"] == status
    assert body["detail"].endswith(".")
    assert body["title"]
    assert body["code"]
    return body


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("refused", 409, "bridge_is_out"),
        ("too-many", 429, "too_many"),
        ("missing", 404, "not_found"),
        ("forbidden", 403, "forbidden"),
        ("teapot", 418, "conflict"),
    ],
)
def test_a_refusal_is_a_problem_and_changes_nothing(sample, client, how, status, code) -> None:
    answer = client.get(f"{HERE}/fails/{how}")
    assert _read(answer, status)["code"] == code
    assert answer["X-Xaso"] == "1"
    assert answer["Cache-Control"] == "no-store"
    assert not Place.objects.exists(), "half of it stayed"


def test_a_refusal_says_its_own_sentence(sample, client) -> None:
    assert _read(client.get(f"{HERE}/fails/refused"), 409)["detail"].startswith("Cầu đang sửa")


def test_too_often_says_when_to_come_back(sample, client) -> None:
    assert client.get(f"{HERE}/fails/too-many")["Retry-After"] == "9"


def test_what_nobody_foresaw_tells_nothing_of_the_inside(sample, client, settings) -> None:
    for debug in (False, True):
        settings.DEBUG = debug
        answer = client.get(f"{HERE}/fails/broken")
        assert answer.status_code == 500
        if not debug:
            _read(answer, 500)
            assert b"foresaw" not in answer.content
    assert not Place.objects.exists()


def test_the_database_is_away(sample, client, monkeypatch) -> None:

    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("the connection was closed")

    monkeypatch.setattr(caching, "answer", away)
    answer = client.get(f"{HERE}/version")
    _read(answer, 503)
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({}, "text", "Thiếu"),
        ({"text": "ab"}, "text", "ít nhất 3"),
        ({"text": "a" * 21}, "text", "tối đa 20"),
        ({"text": 5}, "text", "chữ"),
        ({"text": "cầu", "kind": "xe"}, "kind", "một trong"),
        ({"text": "cầu", "lat": 91}, "lat", "90"),
        ({"text": "cầu", "lat": "x"}, "lat", "số"),
    ],
)
def test_a_wrong_field_is_named_with_what_to_do(sample, client, given, field, says) -> None:
    body = _read(client.post(HERE, given, content_type="application/json"), 422)
    assert body["code"] == "invalid"
    assert says in body["errors"][field][0]


def test_what_is_no_json_is_said_so(sample, client) -> None:
    body = _read(client.post(HERE, b"{", content_type="application/json"), 400)
    assert body["code"] == "bad_request"


def test_a_wrong_method_names_the_right_ones(sample, client) -> None:
    answer = client.delete(HERE)
    assert _read(answer, 405)["code"] == "method_not_allowed"
    assert {m.strip() for m in answer["Allow"].split(",")} == {"GET", "POST"}


def test_a_wrong_address_is_a_problem_too(sample, client) -> None:
    _read(client.get("/binh-lu/api/v1/nothing"), 404)
    _read(client.get("/khong-co-xa/api/v1/villages"), 404)


def test_a_page_of_another_site_changes_nothing(sample, client) -> None:
    for origin in ("https://evil.example", "null"):
        answer = client.post(
            HERE, {"text": "cầu"}, content_type="application/json", headers={"Origin": origin}
        )
        assert _read(answer, 403)["code"] == "foreign_origin"
    assert not Place.objects.exists()
    own = {"Origin": "http://testserver"}
    assert (
        client.post(HERE, {"text": "cầu"}, content_type="application/json", headers=own).status_code
        == 201
    )
