"""Programs other people wrote, run unchanged against a served commune.

civicbot (MIT) comes with the developer's packages. georeport (Apache-2.0) wants an older library
than others here: it runs from an environment of its own, whose Python OPEN311_PYTHON names.
FixMyStreet's Perl client, `three` and the schemas of Open311 are in no package that runs here; who
has the schemas names their folder in OPEN311_SCHEMAS.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Report

CIVICBOT = """
import json, sys
from civicbot.http import HttpTransport, RateLimiter
from civicbot.open311 import Open311Client
from civicbot.registry import Endpoint
base, key = sys.argv[1:3]
endpoint = Endpoint(id="x", name="x", base_url=base, write=True)
client = Open311Client(endpoint, HttpTransport(rate_limiter=RateLimiter(0.0)))
services = client.list_services()
definition = client.get_service_definition("ROAD-BLOCKED")
sent = client.create_request(
    "ROAD-BLOCKED", lat=22.317, lng=103.63, description="Đường sạt lở, xe không qua được",
    attributes={"PASSABLE": "motorbike", "AFFECTED": ["school", "goods"]}, phone="0912345678",
    api_key=key, dry_run=False, confirm="SEND", validate_remote=True).response
code = sent[0]["service_request_id"]
listed = client.list_requests(status="open", service_code="ROAD-DAMAGE", page_size=5)
one = client.get_request(listed[0]["service_request_id"])
print(json.dumps([services, definition, code, listed, one]))
"""
GEOREPORT = """
import json, sys
from georeport import GeoReport
base, code, form = sys.argv[1:4]
client = GeoReport(base, output_format=form)
print(json.dumps([
    client.get_service_list(), client.get_service_definition("ROAD-BLOCKED"),
    client.get_service_requests(), client.get_service_request(code)]))
"""

_RESIDENT = Actor("resident", "", "web")
_LEADER = Actor("official", "0", "desk", frozenset({"leader"}))


def _report(village: int) -> actions.NewReport:
    return actions.NewReport(
        uuid=uuid4(),
        content_hash="a" * 64,
        category="ROAD-DAMAGE",
        channel="web_plain",
        text="Đất sạt lấp nửa đường",
        place=actions.Place(village_id=village),
    )


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Served:
    """A commune on a real port."""

    base: str
    key: str
    published: str
    commune: Commune


class _Site(WSGIHandler):
    """Our application; each request gives its connection back."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        try:
            return super().__call__(environ, start_response)
        finally:
            connections.close_all()


@pytest.fixture
def served(committed: str, binh_lu: Commune) -> Iterator[Served]:
    with tenancy.inside(binh_lu.id):
        actions.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        place = places.NewVillage("BL-02", "bản", "Chu Va 12", 22.317, 103.63)
        village = places.add_village(binh_lu, place, by=SYSTEM)
        until = clock.now() + timedelta(days=30)
        new = identity.NewKey("Phần mềm thử", ("open311.read", "open311.write"), until)
        key = identity.create_api_key(binh_lu, new, by=SYSTEM)[1]
        report = actions.receive(_report(village.pk), by=_RESIDENT, commune=binh_lu).report
        actions.publish(report, "Đất sạt & lấp <nửa> đường", by=_LEADER)
    server = make_server("127.0.0.1", 0, _Site(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}/binh-lu/open311/v2"
    yield Served(base, key, report.code, binh_lu)
    server.shutdown()
    server.server_close()


def run(name: str, program: str, *arguments: str) -> Any:
    """Run a program that speaks to us through its library, as a process of its own."""
    python = sys.executable if find_spec(name) else os.environ.get("OPEN311_PYTHON", "")
    if not python:
        pytest.skip(f"{name} is not installed here, and OPEN311_PYTHON names no Python that has it")
    done = subprocess.run(
        [python, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


def test_civicbot_reads_checks_and_sends(served: Served) -> None:
    services, definition, code, listed, one = run("civicbot", CIVICBOT, served.base, served.key)
    assert {"service_code", "metadata", "type"} <= set(services[0])
    assert [a["code"] for a in definition["attributes"]] == ["PASSABLE", "AFFECTED", "CALL"]
    assert [row["service_request_id"] for row in listed] == [served.published]
    assert one["description"] == "Đất sạt & lấp <nửa> đường"
    with tenancy.inside(served.commune.id):
        report = Report.objects.get(code=code)
        assert report.answers == {"PASSABLE": "motorbike", "AFFECTED": "school,goods"}
        assert report.channel == "open311"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads(served: Served, form: str) -> None:
    read = run("georeport", GEOREPORT, served.base, served.published, form)
    services, definition, listed, one = read
    assert "ROAD-BLOCKED" in {row["service_code"] for row in services}
    assert definition["service_code"] == "ROAD-BLOCKED"
    rows = [each[0] if isinstance(each, list) else each for each in (listed, one)]
    assert [row["service_request_id"] for row in rows] == [served.published] * 2
    assert rows[0]["description"] == "Đất sạt & lấp <nửa> đường"


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("services.json", "services.json"),
        ("service-definition.json", "services/ROAD-BLOCKED.json"),
        ("requests.json", "requests.json"),
    ],
)
def test_the_schemas_of_open311(served: Served, schema: str, path: str) -> None:
    folder = os.environ.get("OPEN311_SCHEMAS", "")
    if not folder:
        pytest.skip("OPEN311_SCHEMAS names no folder with the schemas of Open311")
    from urllib.request import urlopen

    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    with urlopen(f"{served.base}/{path}") as answer:  # noqa: S310  (our own server)
        said = json.load(answer)
    known = [
        (file.name, referencing.Resource.from_contents(json.loads(file.read_text())))
        for file in Path(folder).glob("*.json")
    ]
    registry = referencing.Registry().with_resources(known)
    rules = json.loads((Path(folder) / schema).read_text())
    jsonschema.Draft4Validator(rules, registry=registry).validate(said)
