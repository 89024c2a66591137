"""/healthz and the small addresses every browser asks for."""

import json

import pytest
from django.db import connections
from django.utils import timezone

from xaso.kernel.web import health


@pytest.fixture
def home(settings, tmp_path):
    settings.XASO_HOME = tmp_path
    (tmp_path / "run/health").mkdir(parents=True)
    return tmp_path / "run/health"


def says(home, name, **values):
    word = {"pid": 1, "at": timezone.now().isoformat(), "ok": True} | values
    (home / f"{name}.json").write_text(json.dumps(word))


def test_all_is_well(site, home):
    says(home, "worker")
    says(home, "live", at=timezone.now().timestamp())
    response = site.get("/healthz")
    said = response.json()
    assert (response.status_code, said["status"]) == (200, "ok")
    assert said["version"]
    assert said["database"]["status"] == "ok"
    assert (said["worker"], said["live"]) == ("ok", "ok")
    assert response["Cache-Control"] == "no-store"


def test_a_silent_worker_is_seen(site, home):
    says(home, "live")
    says(home, "worker", at="2026-01-01T00:00:00+07:00")
    said = site.get("/healthz").json()
    assert (said["status"], said["worker"]) == ("degraded", "down")


@pytest.mark.parametrize("word", ["not json", "{}", "[]", '{"at": null, "ok": true}'])
def test_a_garbled_word_is_no_health(home, word):
    (home / "worker.json").write_text(word)
    assert health.process("worker") == "down"


def test_a_process_that_never_spoke_is_unknown(home):
    assert health.process("worker") == "unknown"


def test_a_database_that_is_down_is_said_and_forgotten_when_it_is_back(committed, home, client):
    connection = connections["default"]
    there = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(home)  # a folder without a server's socket
    response = client.get("/healthz")
    assert (response.status_code, response["Retry-After"]) == (503, "20")
    assert response.json()["database"] == {"status": "down"}
    connection.settings_dict["HOST"] = there
    assert client.get("/healthz").status_code == 200


def test_the_home_screen_gets_the_communes_own_name(site):
    said = site.get("/binh-lu/manifest.webmanifest").json()
    assert said["name"] == "Xã Bình Lư"
    assert (said["start_url"], said["scope"]) == ("/binh-lu/?pwa", "/binh-lu/")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}


def test_search_engines_stay_out_of_offices(site):
    text = site.get("/robots.txt").content.decode()
    assert "Disallow: /*/can-bo/" in text


def test_the_favicon_is_an_icon(site):
    response = site.get("/favicon.ico")
    assert b"".join(response.streaming_content)[:4] == b"\0\0\1\0"
