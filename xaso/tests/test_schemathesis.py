"""Whatever is sent to any route of the document, no answer is a failure of ours.

`XASO_SCHEMATHESIS` sets the number of examples per route: 25 in the suite, 10,000 at night.
"""

import json
import os
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from xaso.config.api import SHARED, api
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity import permissions
from xaso.kernel.identity.queries import DEVICE_COOKIE
from xaso.kernel.open_api import assembly
from xaso.kernel.places import actions as places
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports

EXAMPLES = int(os.environ.get("XASO_SCHEMATHESIS", "25"))
HOST = "http://testserver"
BASES = {False: f"{HOST}/binh-lu/api/v1", True: f"{HOST}/api/v1"}


def _schema() -> schemathesis.BaseSchema:
    """Return the document with one commune's address in place of the variable."""
    said = json.loads(json.dumps(assembly.document(api, shared=SHARED), default=str))
    said["servers"] = [{"url": "/binh-lu/api/v1"}]
    for operations in said["paths"].values():
        operations.pop("servers", None)
    return schemathesis.openapi.from_dict(said)


@schemathesis.serializer("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav")
def _sound(_context: schemathesis.SerializationContext, value: Any) -> bytes | None:
    """Send a recording as the bytes it is."""
    return value if isinstance(value, bytes) else str(value).encode()


SCHEMA = _schema()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@dataclass(frozen=True)
class Known:
    """What exists: the honest body of a report, and what leads to one that was sent."""

    body: dict[str, Any]
    paths: dict[str, str]


@pytest.fixture
def known(binh_lu) -> Known:
    """Send a report to Bình Lư, so that routes have something to find."""
    directory.forget()
    with tenancy.inside(binh_lu.id):
        reports.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        places.add_village(
            binh_lu, places.NewVillage("BL-01", "bản", "Nà Đon", 22.31, 103.6), by=SYSTEM
        )
    categories = Client().get("/binh-lu/api/v1/categories").json()["items"]
    place = {"village": "BL-01", "landmark": "đầu cầu", "lat": 22.31, "lon": 103.6}
    text = "Cột đèn đầu cầu không sáng."
    body = {"category": categories[0]["code"], "text": text, "place": place}
    key = str(uuid4())
    sent = Client().put(f"/binh-lu/api/v1/reports/{key}", body, content_type="application/json")
    assert sent.status_code == 201, sent.content
    return Known(body, {"key": key, "code": sent.json()["code"]})


@pytest.fixture
def application(binh_lu, known, settings, tmp_path):
    """Return the WSGI application, working inside the transaction of the test."""
    from xaso.config.wsgi import application

    settings.XASO_HOME = tmp_path
    settings.ALLOWED_HOSTS = ["testserver"]
    directory.forget()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # it would end the transaction of the test
    yield application
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(binh_lu) -> str:
    """Return a machine's key that may do all a key may."""
    new = identity.NewKey("thử", permissions.SCOPES, clock.now() + timedelta(days=1))
    with tenancy.inside(binh_lu.id):
        return identity.create_api_key(binh_lu, new, by=SYSTEM)[1]


@pytest.fixture
def phone(binh_lu, application, official, client_of, monkeypatch) -> tuple[Any, dict[str, str]]:
    """Return the application as a helper's phone reaches it, and what the phone sends along."""
    monkeypatch.setattr("xaso.kernel.identity.asking.is_fresh", lambda _request: True)
    helper = client_of(official("village_head", binh_lu))
    page = helper.post("/binh-lu/can-bo/phan-anh/gui-ho/may/", {"ten": "Máy thử"})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # a test's client connects it again
    cookie = f"{DEVICE_COOKIE}={helper.cookies[DEVICE_COOKIE].value}"

    def carried(environ, start_response):
        return application(environ | {"HTTP_COOKIE": cookie}, start_response)

    own = {"X-Xaso-Outbox": "1", "Sec-Fetch-Site": "same-origin"}
    return carried, own | {"X-Xaso-Helper": page.context["given"]["token"]}


def _hint(case: schemathesis.Case, known: Known, turn: int) -> None:
    """In turns: leave what was made up, put honest parts into it, lead it to what exists."""
    if turn % 3 and isinstance(case.body, dict) and "category" in case.body:
        case.body.update(known.body)
    if turn % 3 == 2:
        for name in set(case.path_parameters) & set(known.paths):
            case.path_parameters[name] = known.paths[name]


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_no_answer_is_a_failure_of_ours(operation, known, application, key, request) -> None:
    is_shared = operation.path.strip("/").partition("/")[0] in SHARED
    headers = {"Authorization": f"Bearer {key}"}
    if operation.path.endswith("/helped"):  # no key opens it: it is a helper's phone that sends
        application, headers = request.getfixturevalue("phone")
    seen: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: schemathesis.Case) -> None:
        _hint(case, known, sum(seen.values()))
        answer = case.call(base_url=BASES[is_shared], app=application, headers=headers)
        seen[answer.status_code] += 1
        assert answer.status_code < 500, case.as_curl_command()
        if answer.status_code >= 400:
            kind = answer.headers["content-type"][0]
            assert kind.startswith("application/problem+json"), case.as_curl_command()

    send()
    print(operation.label, dict(seen))
    assert sum(seen.values()) >= 1
    assert set(seen) != {401}, "the key opened nothing"
