"""Whatever is sent to any route of the document, no answer is a failure of ours.

`XASO_SCHEMATHESIS` sets the number of examples per route: 25 in the suite, 10,000 at night.
"""

import json
import os
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from xaso.config.api import SHARED, api
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity import permissions
from xaso.kernel.open_api import assembly
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock

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


SCHEMA = _schema()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture
def application(binh_lu, settings, tmp_path):
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


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_no_answer_is_a_failure_of_ours(operation, application, key) -> None:
    is_shared = operation.path.strip("/").partition("/")[0] in SHARED
    seen: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: schemathesis.Case) -> None:
        answer = case.call(
            base_url=BASES[is_shared],
            app=application,
            headers={"Authorization": f"Bearer {key}"},
        )
        seen[answer.status_code] += 1
        assert answer.status_code < 500, case.as_curl_command()
        if answer.status_code >= 400:
            kind = answer.headers["content-type"][0]
            assert kind.startswith("application/problem+json"), case.as_curl_command()

    send()
    assert sum(seen.values()) >= 1
    assert set(seen) != {401}, "the key opened nothing"
