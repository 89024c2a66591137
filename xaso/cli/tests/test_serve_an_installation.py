"""`xaso serve` from the outside: it comes up, heals, refuses a twin, and leaves nothing behind."""

import json
import os
import signal
import time

import pytest

from xaso.cli.tests.conftest import PLACE, pid_of, sweep
from xaso.cli.tests.installation import DOWN_WITHIN, Installation, children, is_alive

pytestmark = pytest.mark.cluster
HEALED_WITHIN = 20


@pytest.fixture(scope="module")
def installation():
    home = PLACE / "serve"
    home.mkdir(parents=True, exist_ok=True)
    here = Installation(home)
    here.start()
    yield here
    here.close()
    sweep(home)


def test_it_made_keys_closed_to_others(installation):
    folder = installation.home / "secrets"
    assert sorted(f.name for f in folder.iterdir()) == [
        "xaso_field_key",
        "xaso_index_key",
        "xaso_push_key",
        "xaso_secret_key",
    ]
    assert {f.stat().st_mode & 0o777 for f in folder.iterdir()} == {0o600}
    assert str(folder) in installation.said.read_text()


def test_every_line_it_says_is_json(installation):
    lines = installation.said.read_text().splitlines()
    assert lines
    assert all("event" in json.loads(line) for line in lines)


def test_a_second_one_is_refused_with_the_address(installation):
    twin = installation.xaso("serve")
    assert twin.returncode == 1
    assert f"http://localhost:{installation.port}" in twin.stderr
    assert "Traceback" not in twin.stderr


def test_the_doctor_finds_it_well(installation):
    told = installation.xaso("doctor")
    assert "Tiến trình web chạy tốt" in told.stdout, told.stdout + told.stderr
    assert "Tiến trình worker chạy tốt" in told.stdout
    assert told.returncode == 0


@pytest.mark.parametrize("name", ["worker", "live", "web"])
def test_a_killed_process_comes_back(installation, name):
    before = installation.pids()[name]
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + HEALED_WITHIN
    while installation.pids().get(name) in (None, before) or not installation.is_well():
        assert time.monotonic() < deadline, installation.said.read_text()[-3000:]
        time.sleep(0.1)
    assert not is_alive(before)


def test_a_killed_database_comes_back(installation):
    before = pid_of(installation.home)
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + HEALED_WITHIN
    while is_alive(before) or not installation.is_well():
        assert time.monotonic() < deadline, installation.said.read_text()[-3000:]
        time.sleep(0.1)
    assert pid_of(installation.home) != before


def test_no_orphan_serves_when_the_web_process_and_its_supervisor_are_killed(installation):
    web = installation.pids()["web"]
    workers = children(web)
    assert workers
    installation.process.kill()
    os.kill(web, signal.SIGKILL)
    installation.process.wait()
    deadline = time.monotonic() + HEALED_WITHIN
    while any(is_alive(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert installation.health() == {}
    installation.start()


def test_a_killed_supervisor_is_started_again_though_its_processes_still_end(installation):
    before = installation.pids()
    installation.process.kill()
    installation.process.wait()
    installation.start()  # at once, as a service manager does
    assert not any(is_alive(pid) for pid in before.values())
    assert set(installation.pids().values()) & set(before.values()) == set()


def test_it_stops_everything_and_starts_again_at_once(installation):
    pids = [*installation.pids().values(), pid_of(installation.home), installation.process.pid]
    began = time.monotonic()
    told = installation.xaso("stop")
    assert (told.returncode, told.stdout.strip()) == (0, "Đã dừng.")
    installation.process.wait(DOWN_WITHIN)
    assert time.monotonic() - began < DOWN_WITHIN
    assert [pid for pid in pids if is_alive(pid)] == []
    assert "Không có gì" in installation.xaso("stop").stdout
    before = len(installation.said.read_text())
    installation.start()
    again = [
        json.loads(line)["event"] for line in installation.said.read_text()[before:].splitlines()
    ]
    assert "serving" in again
    assert not {"migrate", "static"} & set(again)  # nothing is done twice: that is what takes long
