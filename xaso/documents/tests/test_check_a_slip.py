"""Codes on slips: signed here or by a counter's device, checked with or without the server."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.documents import actions, codes, queries
from xaso.documents.codes import Body
from xaso.documents.models import CheckKey
from xaso.documents.refusals import BadCode, KeyKnown
from xaso.documents.tests.conftest import CLERK, MONDAY
from xaso.kernel.refusals import Invalid
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

CODE = "H35.10.05-261123-0007"
FACTS = {"due": "2026-11-23T17:00:00+07:00", "total": "8.000 đồng"}


def device():
    return ec.generate_private_key(ec.SECP256R1())


def registered(town, key, name="Quầy 2"):
    jwk = codes.public_jwk(key.public_key())
    return actions.register_device(name, jwk, commune=town, by=CLERK)


def test_our_slip_is_genuine_and_says_what_it_says(town):
    text = actions.sign_code("mau-01", CODE, FACTS, commune=town)
    verdict = queries.checked(text, commune=town)
    assert verdict.is_genuine
    rows = dict(verdict.rows)
    assert rows["Mã số"] == CODE
    assert rows["Hẹn trả"] == "17:00 thứ Hai 23/11/2026"
    assert rows["Số tiền"] == "8.000 đồng"
    assert queries.checked(queries.check_address(text), commune=town).is_genuine
    assert len(text) < 330  # a square that thin paper still shows


def test_one_key_serves_a_commune_and_is_sealed(town):
    one, two = (actions.sign_code("mau-01", CODE, commune=town) for _ in range(2))
    assert one.split(".")[1] == two.split(".")[1]
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM documents_checkkey")
        assert b"PRIVATE KEY" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("at", range(0, 330, 7))
def test_one_changed_letter_is_noticed(town, at):
    text = actions.sign_code("mau-01", CODE, FACTS, commune=town)
    at = min(at, len(text) - 3)  # the last letter holds spare bits
    changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    assert not queries.checked(changed, commune=town).is_genuine


def test_another_communes_slip_is_not_ours(town, ban_bo):
    with tenancy.inside(ban_bo.id):
        text = actions.sign_code("mau-01", CODE, commune=ban_bo)
    with tenancy.inside(town.id):
        assert queries.checked(text, commune=town).title == "Không phải giấy của xã này"


def test_a_counters_device_signs_without_us(town):
    key = device()
    row = registered(town, key, "Quầy 2")
    text = codes.signed(Body("mau-01", "T-Q2-15", MONDAY + timedelta(hours=1)), key)
    verdict = queries.checked(text, commune=town)
    assert verdict.is_genuine
    assert dict(verdict.rows)["Nơi ký"] == "Quầy 2"
    assert row.private == ""
    with pytest.raises(KeyKnown):
        registered(town, key, "Quầy 3")
    with pytest.raises(Invalid):
        registered(town, device(), " ")


def test_a_retired_device_keeps_its_past_a_lost_one_does_not(town):
    key = device()
    row = registered(town, key, "Quầy 2")
    before, after = (
        codes.signed(Body("mau-01", "T-1", MONDAY + timedelta(hours=h)), key) for h in (1, 48)
    )
    with clock.at(MONDAY + timedelta(hours=24)):
        actions.retire_key(row, by=CLERK)
    assert queries.checked(before, commune=town).is_genuine
    assert not queries.checked(after, commune=town).is_genuine
    actions.retire_key(row, by=CLERK, is_lost=True)
    assert not queries.checked(before, commune=town).is_genuine


@pytest.mark.parametrize(
    "body",
    [
        Body("mau-01", "Lò Thị Mẫu", MONDAY),  # a name is no code
        Body("mau-01", CODE, MONDAY, {"name": "Lò Thị Mẫu"}),  # nor a fact
        Body("mau-01", CODE, MONDAY, {"due": "x" * 61}),
        Body("mau-01", CODE, MONDAY.replace(tzinfo=None)),
        Body("MẪU", CODE, MONDAY),
    ],
)
def test_nothing_personal_and_nothing_odd_gets_into_a_code(body):
    with pytest.raises(BadCode):
        codes.signed(body, device())


def test_keys_are_points_and_public_halves_only():
    good = codes.public_jwk(device().public_key())
    for bad in (
        {},
        {**good, "d": "AA"},
        {**good, "x": good["y"]},
        {**good, "crv": "P-384"},
        {**good, "x": 5},
    ):
        with pytest.raises(BadCode):
            codes.from_jwk(bad)


SHAPED = st.binary(max_size=80).map(lambda b: f"XS1.aaaaaaaa.{codes._pack(b)}.{'A' * 86}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    text=st.text(max_size=400)
    | st.binary(max_size=80).map(lambda b: f"XS1.aaaaaaaa.{codes._pack(b)}.{'A' * 86}")
)
def test_any_text_gets_an_answer(town, text):
    assert not queries.checked(text, commune=town).is_genuine


def test_keys_are_published_and_the_page_needs_no_server_secret(town, client):
    actions.sign_code("mau-01", CODE, commune=town)
    published = client.get("/binh-lu/kiem-tra/khoa.json")
    said = json.loads(published.content)
    assert [row["kind"] for row in said["keys"]] == ["server"]
    assert set(said["keys"][0]["jwk"]) == {"kty", "crv", "x", "y"}
    assert "public" in published["Cache-Control"]
    page = client.get("/binh-lu/kiem-tra/")
    assert page.status_code == 200
    assert "csrfmiddlewaretoken" not in page.content.decode()  # phones keep this page


def test_without_script_the_server_answers(town, client):
    text = actions.sign_code("mau-01", CODE, FACTS, commune=town)
    page = client.get("/binh-lu/kiem-tra/xem/", {"ma": text})
    assert "Giấy thật" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    wrong = client.get(
        "/binh-lu/kiem-tra/xem/", {"ma": "<script>alert(1)</script>"}
    ).content.decode()
    assert "<script>alert" not in wrong
    assert "Không đọc được mã" in wrong


def test_the_database_refuses_a_devices_private_half(town):
    from django.db import IntegrityError, transaction

    key = registered(town, device(), "Quầy 2")
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckKey.objects.filter(pk=key.pk).update(private="x")
