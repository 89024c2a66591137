"""A machine shows its key, a phone its cookie; nobody calls too often."""

from datetime import timedelta

import pytest

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity import queries
from xaso.kernel.open_api.tests.conftest import HERE
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock


@pytest.fixture
def key(sample):
    """Return a function that makes a key of Bình Lư."""

    def make(*scopes: str, commune=sample) -> str:
        new = identity.NewKey("cổng tỉnh", scopes, clock.now() + timedelta(days=30))
        with tenancy.inside(commune.id):
            return identity.create_api_key(commune, new, by=SYSTEM)[1]

    return make


def _call(client, key: str, path: str = "machine"):
    return client.get(f"{HERE}/{path}", headers={"Authorization": f"Bearer {key}"})


def test_a_machine_with_the_right_key_is_known(key, client) -> None:
    answer = _call(client, key("reports.read"))
    assert (answer.status_code, answer.json()["who"]) == (200, "machine")


def test_wrong_ended_lesser_and_foreign_keys_are_not(key, client, ban_bo) -> None:
    ended = key("reports.read")
    for shown in ("", "nonsense", "xaso_a_b", key("ioc.read"), key("reports.read", commune=ban_bo)):
        answer = _call(client, shown)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_known"), shown
        assert answer["WWW-Authenticate"] == "Bearer"
    with clock.at(clock.now() + timedelta(days=31)):
        assert _call(client, ended).status_code == 401


def test_a_phone_is_known_by_its_signed_cookie(sample, client) -> None:
    from django.core.signing import get_cookie_signer

    assert client.get(f"{HERE}/device").status_code == 401
    known, token = identity.issue_device(sample)
    client.cookies[queries.DEVICE_COOKIE] = token
    assert client.get(f"{HERE}/device").status_code == 401  # not signed by us
    signer = get_cookie_signer(salt=queries.DEVICE_COOKIE + queries.DEVICE_SALT)
    client.cookies[queries.DEVICE_COOKIE] = signer.sign(token)
    answer = client.get(f"{HERE}/device")
    assert answer.json() == {"who": "resident", "id": str(known.pk)}


def test_anyone_may_call_what_is_for_anyone(sample, client) -> None:
    assert client.get(f"{HERE}/anyone").json() == {"who": "resident"}


def test_the_fourth_call_of_an_hour_waits(sample, client) -> None:
    assert [client.get(f"{HERE}/often").status_code for _ in range(3)] == [200] * 3
    answer = client.get(f"{HERE}/often")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert 0 < int(answer["Retry-After"]) <= 1_200
    other = client.get(f"{HERE}/often", headers={"Authorization": "Bearer x"})
    assert other.status_code == 200
