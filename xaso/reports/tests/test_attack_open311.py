"""People who mean no good: strange forms and addresses, other communes' keys, keys in logs."""

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from defusedxml import ElementTree
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.actions import tries
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text.masking import masked
from xaso.kernel.working_time import clock
from xaso.reports.models import Report
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import SCOPES, V2, Ask

pytestmark = pytest.mark.django_db
NASTY = (
    "", " ", "\x00", "a\x00b", "'; DROP TABLE reports_report; --", "<script>alert(1)</script>",
    "../../../../etc/passwd", "%00", "\r\nSet-Cookie: a=b", "{{7*7}}", "${jndi:ldap://x}",
    "\u202e\ufffe", "\ud83d", "9" * 400, "-1", "0", "1e308", "NaN", "true", "null", "[]", "🔥" * 50,
    "22.317", "103.63", "ROAD-BLOCKED", "2026-11-23T14:00:00+07:00", "a@b.vn", "0912345678",
    "http://169.254.169.254/latest", "file:///etc/shadow", "x" * 5_000,
)  # fmt: skip
FIELDS = (
    "service_code", "lat", "long", "address_string", "address_id", "description", "email", "phone",
    "first_name", "last_name", "account_id", "device_id", "media_url", "jurisdiction_id",
    "attribute[PASSABLE]", "attribute[AFFECTED][]", "attribute[\x00]", "attribute[fixmystreet_id]",
    "update_id", "updated_datetime", "status", "service_request_id", "csrfmiddlewaretoken",
)  # fmt: skip
ASKED = (
    "service_request_id", "service_code", "status", "start_date", "end_date", "page", "page_size",
    "updated_after", "updated_before", "extensions", "jurisdiction_id", "lat", "zzz\x00",
)  # fmt: skip


def readable(answer: Any) -> None:
    """Whatever was asked: an answer in its own format, never a crash."""
    assert answer.status_code < 500, answer.content[:300]
    assert answer.status_code not in (301, 302, 307, 308)
    if answer["Content-Type"].startswith("application/json"):
        json.loads(answer.content)
    else:
        ElementTree.fromstring(answer.content)


def _whole(text: str) -> str:
    """Return a text as a client can send it in parts."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("seed", range(4))
def test_no_form_breaks_the_server(seed: int, client: Client, form: dict[str, Any]) -> None:
    chance = Random(seed)  # noqa: S311  (repeatable, nothing secret)
    for number in range(40):
        tries.forget_all()
        changed = chance.sample(FIELDS, chance.randint(1, 6))
        values = form | {name: chance.choice(NASTY) for name in changed}
        path = chance.choice(("requests", "servicerequestupdates"))
        suffix = chance.choice(("json", "xml"))
        address, no = f"{V2}/{path}.{suffix}", {"X-No": str(number)}
        if chance.random() < 0.5:
            texts = {k: _whole(v) if isinstance(v, str) else v for k, v in values.items()}
            readable(client.post(address, texts, headers=no))
        else:
            raw = {k: v.encode("utf-8", "surrogatepass") if isinstance(v, str) else v
                   for k, v in values.items()}  # fmt: skip
            kind = "application/x-www-form-urlencoded"
            body = urlencode(raw, doseq=True)
            readable(client.post(address, body, content_type=kind, headers=no))


@pytest.mark.parametrize("seed", range(4))
def test_no_address_breaks_the_server(seed: int, client: Client, key: str) -> None:
    chance = Random(seed)  # noqa: S311
    for _ in range(40):
        tries.forget_all()
        names = chance.sample(ASKED, chance.randint(0, 5))
        params = {name: chance.choice(NASTY).encode("utf-8", "replace").decode() for name in names}
        if chance.random() < 0.4:
            params["api_key"] = chance.choice((key, *NASTY[:6]))
        odd = quote(chance.choice(NASTY).encode("utf-8", "replace"), safe="")
        path = chance.choice(
            ("requests.json", "requests.xml", f"requests/{odd}.json", f"tokens/{odd}.xml",
             f"services/{odd}.json", "servicerequestupdates.json", f"{odd}.json", "services.xml")
        )  # fmt: skip
        readable(client.get(f"{V2}/{path}", params))


def test_a_key_opens_its_own_commune_alone(
    post: Ask, client: Client, ban_bo: Commune, form: dict[str, Any], town: Commune
) -> None:
    tenancy.enter(ban_bo.id)
    new = identity.NewKey("Xã bên", SCOPES, clock.now() + timedelta(days=9))
    theirs = identity.create_api_key(ban_bo, new, by=SYSTEM)[1]
    tenancy.enter(town.id)
    assert post({"api_key": theirs}).status_code == 403
    assert client.get(f"{V2}/requests.json", {"api_key": theirs}).status_code == 403
    assert client.post("/ban-bo/open311/v2/requests.json", form).status_code == 403
    assert not Report.objects.exists()


def test_an_ended_key_opens_nothing(post: Ask, get: Ask, key: str, monday: Any) -> None:
    with clock.at(monday + timedelta(days=91)):
        assert post().status_code == 403
        assert get("requests.json", api_key=key).status_code == 403


def test_a_key_in_the_address_does_not_write(client: Client, form: dict[str, Any]) -> None:
    key = form.pop("api_key")
    assert client.post(f"{V2}/requests.json?api_key={key}", form).status_code == 403


def test_no_key_stands_in_a_log(key: str, get: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    line = f"GET /binh-lu/open311/v2/requests.json?api_key={key}&status=open failed"
    assert key.partition("_")[2].partition("_")[2][:12] not in masked(line)
    get("requests/482915709.json", api_key=key)
    get("requests.json", api_key=key, status="x")
    out, err = capfd.readouterr()
    assert key not in out + err


def test_the_next_page_never_names_the_key(
    get: Ask, post: Ask, key: str, make_key: Callable[..., str]
) -> None:
    post()
    post({"description": "Một việc khác"})
    link = get("requests.json", api_key=key, page_size=1, zzz="a\r\nb>;")["Link"]
    assert key not in link
    assert "\r" not in link
    assert link.count(">") == 1


def test_a_signed_in_official_gains_nothing_here(
    client_of: Callable[..., Client], official: Callable[..., Any], town: Commune, post: Ask
) -> None:
    code = post().json()[0]["service_request_id"]
    browser = client_of(official("leader", town))
    assert browser.get(f"{V2}/requests/{code}.json").status_code == 404
    assert browser.post(f"{V2}/requests.json", {"service_code": "LIGHT"}).status_code == 403
