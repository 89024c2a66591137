"""Programs other people wrote, run unchanged against a served commune.

civicbot (MIT) comes with the developer's packages. georeport (Apache-2.0) wants an older library
than others here: it runs from an environment of its own, whose Python OPEN311_PYTHON names. `three`
runs there too, from a folder that OPEN311_THREE names, with requests, relaxml and simplejson.
FixMyStreet's client (AGPL, never a part of ours) is one Perl file in a folder that
OPEN311_FIXMYSTREET names; it runs as a program of its own beside tiny stand-ins for the rest of
FixMyStreet. OPEN311_SCHEMAS names the folder of the schemas of Open311.
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
from xaso.kernel.identity.models import Unit
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

THREE = """
import io, itertools, json, os, sys
sys.path.insert(0, os.environ["OPEN311_THREE"])
itertools.ifilter = filter  # the program is of Python 2
from three import Three
base, key, code = sys.argv[1:4]
client = Three(base, api_key=key)
photo = ("duong.png", io.BytesIO(bytes.fromhex(sys.argv[4])), "image/png")
sent = client.post("ROAD-DAMAGE", lat="22.317", long="103.63", name="Giàng Dợ", media=photo,
                   description="Đường sạt, cần người dọn")
number = sent[0]["service_request_id"]
print(json.dumps([
    client.discovery(), client.services(), client.services("ROAD-BLOCKED"),
    client.requests(), client.requests("ROAD-DAMAGE", count=1),
    client.request(code), client.token(number, api_key=key), number]))
"""
# What the client asks of the rest of FixMyStreet: three packages, and things that know their words.
STAND_INS = {
    "FixMyStreet/Cobrand.pm": "package FixMyStreet::Cobrand; 1;",
    "FixMyStreet/DB.pm": """
package FixMyStreet::DB;
package FixMyStreet::DB::Result::Body; sub new { bless {}, shift } sub get_cobrand_handler { 0 }
package FixMyStreet::DB::Result::Problem;
sub open_states { { confirmed => 1 } } sub fixed_states { { fixed => 1 } }
1;
""",
    "Utils.pm": "package Utils; sub truncate_coordinate { sprintf('%0.6f', shift) } 1;",
}
FIXMYSTREET = """
use utf8; use strict; use warnings; use Encode qw(decode); use JSON::PP; use DateTime;
package Thing;
our $AUTOLOAD;
sub new { my ($class, %words) = @_; bless {%words}, $class }
sub AUTOLOAD { my $self = shift; my ($word) = $AUTOLOAD =~ /(\\w+)$/; $self->{$word} }
sub call_hook { }
sub DESTROY { }
package main;
use Open311;
my ($base, $key, $published) = @ARGV;
my $body = FixMyStreet::DB::Result::Body->new;
my $client = Open311->new(endpoint => "$base/", api_key => $key, fixmystreet_body => $body);
my $services = $client->get_service_list;
my $meta = $client->get_service_meta_info('ROAD-BLOCKED');
my $user = Thing->new(phone => '0912345678', email => '', name => 'Giàng Thị Dợ');
my $problem = Thing->new(
    id => 7, title => 'Đường sạt lở', detail => 'Xe không qua được', name => 'Giàng Thị Dợ',
    latitude => 22.317, longitude => 103.63, user => $user, used_map => 1, cobrand => 'xa',
    send_fail_count => 0, bodies => {}, get_extra_fields => [
        { name => 'PASSABLE', value => 'motorbike' }, { name => 'AFFECTED', value => 'school' } ]);
my $page = { url => 'https://example.org/7' };
my $sent = $client->send_service_request($problem, $page, 'ROAD-BLOCKED');
my $read = $client->get_service_requests({ report_ids => [$published] });
my $token = $client->get_service_request_id_from_token($published);
my $comment = Thing->new(
    id => 9, text => 'Nước đã rút, xe máy qua được', problem_state => 'confirmed', name => '',
    user => $user, confirmed => DateTime->now,
    get_cobrand_logged => Thing->new, problem => Thing->new(external_id => $sent));
my $update = $client->post_service_request_update($comment);
my $updates = $client->get_service_request_updates(
    DateTime->now->subtract(days => 2)->iso8601 . 'Z',
    DateTime->now->add(days => 1)->iso8601 . 'Z');
my $stranger = Open311->new(endpoint => "$base/", api_key => 'wrong', fixmystreet_body => $body);
my $refused = $stranger->send_service_request($problem, $page, 'ROAD-BLOCKED');
print encode_json([
    $services, $meta, $sent, $read, $token, $update, $updates, $refused, $stranger->error ]);
"""

_RESIDENT = Actor("resident", "", "web")
_CLERK = Actor("official", "0", "desk", frozenset({"one_stop_clerk"}))
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
        new = identity.NewKey(
            "Phần mềm thử", ("open311.read", "open311.write", "open311.updates"), until
        )
        key = identity.create_api_key(binh_lu, new, by=SYSTEM)[1]
        report = actions.receive(_report(village.pk), by=_RESIDENT, commune=binh_lu).report
        actions.publish(report, "Đất sạt & lấp <nửa> đường", by=_LEADER)
        unit = Unit.objects.create(commune=binh_lu, code="KT", name="Phòng Kinh tế")
        actions.accept(report, actions.Accepting(unit.pk), by=_CLERK)
    server = make_server("127.0.0.1", 0, _Site(), handler_class=Quiet)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}/binh-lu/open311/v2"
    yield Served(base, key, report.code, binh_lu)
    server.shutdown()
    server.server_close()


def _png() -> bytes:
    """Return a small picture."""
    from io import BytesIO

    from PIL import Image

    kept = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(kept, "PNG")
    return kept.getvalue()


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


def test_three_reads_and_sends_a_photo(served: Served) -> None:
    if not os.environ.get("OPEN311_THREE"):
        pytest.skip("OPEN311_THREE names no folder with the package three")
    read = run("relaxml", THREE, served.base, served.key, served.published, _png().hex())
    discovery, services, definition, many, some, one, token, number = read
    assert discovery["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert "ROAD-BLOCKED" in {row["service_code"] for row in services}
    assert definition["service_code"] == "ROAD-BLOCKED"
    assert [row["service_request_id"] for row in (*many, *some, *one)] == [served.published] * 3
    assert token[0]["service_request_id"] == number
    with tenancy.inside(served.commune.id):
        report = Report.objects.get(code=number)
        assert report.photos.count() == 1


def test_fixmystreet_reads_sends_and_follows(served: Served, tmp_path: Path) -> None:
    folder = os.environ.get("OPEN311_FIXMYSTREET", "")
    if not folder:
        pytest.skip("OPEN311_FIXMYSTREET names no folder with FixMyStreet's Open311.pm")
    for name, text in STAND_INS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    words = ["perl", "-I", str(tmp_path), "-I", folder, "-e", FIXMYSTREET]
    done = subprocess.run(
        [*words, served.base, served.key, served.published],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    services, meta, sent, read, token, update, updates, refused, why = json.loads(done.stdout)
    assert "ROAD-BLOCKED" in {row["service_code"] for row in services["service"]}
    assert [row["code"] for row in meta["attributes"]] == ["PASSABLE", "AFFECTED", "CALL"]
    assert [row["service_request_id"] for row in read["request"]] == [served.published]
    assert read["request"][0]["description"] == "Đất sạt & lấp <nửa> đường"
    assert token == served.published  # asked without a key, which private reports need
    assert update
    assert served.published in {row["service_request_id"] for row in updates}
    assert refused == 0
    assert "403" in why
    assert "unknown error" not in why
    with tenancy.inside(served.commune.id):
        report = Report.objects.get(code=sent)
        assert report.answers == {"PASSABLE": "motorbike", "AFFECTED": "school"}
        assert report.text.startswith("Đường sạt lở")
        assert Report.objects.count() == 2


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
    from referencing.jsonschema import DRAFT4

    with urlopen(f"{served.base}/{path}") as answer:  # noqa: S310  (our own server)
        said = json.load(answer)
    known = [
        (file.name, DRAFT4.create_resource(json.loads(file.read_text())))
        for file in Path(folder).glob("*.json")
    ]
    registry = referencing.Registry().with_resources(known)
    rules = json.loads((Path(folder) / schema).read_text())
    jsonschema.Draft4Validator(rules, registry=registry).validate(said)
