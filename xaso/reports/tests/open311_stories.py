"""What the stories of Open311 start from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.web.middleware import directory
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Report

ROOT = "/binh-lu/open311"
V2 = f"{ROOT}/v2"
Ask = Callable[..., Any]
SCOPES = ("open311.read", "open311.write", "open311.updates")


@pytest.fixture(autouse=True)
def forgotten(town: Commune) -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@dataclass(frozen=True)
class Office:
    """A unit, the clerk who receives, the head who answers."""

    unit: Unit
    clerk: Actor
    head: Actor

    def accept(self, report: Report) -> Report:
        order = actions.Accepting(self.unit.pk, self.unit.head_id)
        return actions.accept(report, order, by=self.clerk)


@pytest.fixture
def office(unit: Unit, clerk_actor: Actor, head_actor: Actor) -> Office:
    return Office(unit, clerk_actor, head_actor)


@pytest.fixture
def make_key(town: Commune) -> Callable[..., str]:
    """Return a function that makes a partner's key with some scopes."""

    def made(*scopes: str) -> str:
        until = clock.now() + timedelta(days=90)
        new = identity.NewKey("Ứng dụng thành phố", scopes or SCOPES, until)
        return identity.create_api_key(town, new, by=SYSTEM)[1]

    return made


@pytest.fixture
def key(make_key: Callable[..., str]) -> str:
    """A partner's key that may read, write and follow."""
    return make_key()


@pytest.fixture
def get(client: Client) -> Ask:
    """Return a function that reads: `get("services.json", q=1)`."""

    def asked(path: str, headers: dict[str, str] | None = None, **params: object) -> Any:
        return client.get(f"{V2}/{path}", params, headers=headers)

    return asked


@pytest.fixture
def form(key: str, village: Village) -> dict[str, Any]:
    """The form of a good request."""
    return {
        "api_key": key,
        "service_code": "ROAD-BLOCKED",
        "lat": "22.31704",
        "long": "103.63021",
        "description": "Đường sạt lở ở bản Chu Va 12, xe không qua được",
        "attribute[PASSABLE]": "motorbike",
        "attribute[AFFECTED][]": ["school", "goods"],
        "phone": "0912345678",
    }


@pytest.fixture
def post(client: Client, form: dict[str, Any]) -> Ask:
    """Return a function that sends the good form with changes; None leaves a field out."""

    def sent(
        changes: dict[str, Any] | None = None, path: str = "requests.json", **more: Any
    ) -> Any:
        values = {k: v for k, v in (form | (changes or {})).items() if v is not None}
        if any(hasattr(v, "read") for v in values.values()):
            return client.post(f"{V2}/{path}", values, **more)
        from urllib.parse import urlencode

        body = urlencode(values, doseq=True)
        kind = "application/x-www-form-urlencoded; charset=utf-8"
        return client.post(f"{V2}/{path}", body, content_type=kind, **more)

    return sent
