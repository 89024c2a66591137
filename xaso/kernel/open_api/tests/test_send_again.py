"""A phone that never heard our answer sends again; once is enough."""

import threading
from datetime import timedelta

import pytest
from django.test import Client
from django.test.client import encode_multipart

from xaso.kernel.open_api import actions
from xaso.kernel.open_api.models import Answered
from xaso.kernel.open_api.tests.conftest import HERE
from xaso.kernel.places.models import Place
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

KEY = "7d9f0c1e-one"


def _post(client: Client, given: dict, key: str = KEY, **headers: str):
    return client.post(
        HERE, given, content_type="application/json", headers={"Idempotency-Key": key, **headers}
    )


def test_the_same_request_gets_the_same_answer_and_is_done_once(sample, client) -> None:
    first = _post(client, {"text": "cầu Nà Đon"})
    again = _post(client, {"text": "cầu Nà Đon"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Place.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(sample, client) -> None:
    _post(client, {"text": "cầu Nà Đon"})
    other = _post(client, {"text": "cầu Nà Tăm"})
    assert (other.status_code, other.json()["code"]) == (409, "key_used_otherwise")
    assert Place.objects.count() == 1


def test_keys_of_two_senders_do_not_meet(sample, client) -> None:
    _post(client, {"text": "cầu Nà Đon"}, Authorization="Bearer one")
    second = _post(client, {"text": "cầu Nà Tăm"}, Authorization="Bearer two")
    assert second.status_code == 201
    assert Place.objects.count() == 2


def test_what_was_refused_may_be_sent_again(sample, client) -> None:
    assert _post(client, {"text": "cầu hỏng"}).status_code == 409
    assert _post(client, {"text": "cầu tốt"}).status_code == 201
    assert Answered.objects.count() == 1


def test_a_form_with_another_boundary_is_the_same_request(sample, client) -> None:
    for boundary in ("one", "two"):
        body = encode_multipart(boundary, {"text": "cầu"})
        answer = client.post(
            f"{HERE}/form",
            body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Idempotency-Key": KEY},
        )
        assert answer.status_code == 201
    assert Place.objects.count() == 1


@pytest.mark.parametrize("key", ["short", "x" * 129, "with blank", "dấu-tiếng-việt"])
def test_a_key_must_be_a_key(sample, client, key) -> None:
    answer = _post(client, {"text": "cầu"}, key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["errors"]
    assert not Place.objects.exists()


def test_communes_keep_their_answers_apart(sample, client, ban_bo) -> None:
    _post(client, {"text": "cầu Nà Đon"})
    with tenancy.inside(ban_bo.id):
        assert not Answered.objects.exists()
        key = "0" * 64
        assert actions.begin(ban_bo, key, "a") is None
    assert Answered.objects.count() == 1


def test_answers_are_sealed_and_forgotten_after_two_days(sample, client) -> None:
    from django.db import connection

    _post(client, {"text": "cầu Nà Đon"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM open_api_answered")
        assert b"id" not in bytes(cursor.fetchone()[0])
    with clock.at(clock.now() + timedelta(hours=47)):
        actions.forget()
    assert Answered.objects.count() == 1
    with clock.at(clock.now() + timedelta(hours=49)):
        actions.forget()
    assert not Answered.objects.exists()


def test_ten_at_once_are_done_once(committed, binh_lu, settings) -> None:
    from django.db import connection

    settings.ROOT_URLCONF = "xaso.kernel.open_api.tests.sample"
    answers: list[int] = []

    def send() -> None:
        answers.append(_post(Client(), {"text": "cầu Nà Đon"}).status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [201] * 10
    with tenancy.inside(binh_lu.id):
        assert Place.objects.count() == 1
