"""`xaso serve` from the outside: it comes up, heals, refuses a twin, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from xaso.cli import postgres
from xaso.cli.tests.conftest import PLACE, ROOT, is_alive, pid_of, sweep

pytestmark = pytest.mark.cluster
UP_WITHIN, HEALED_WITHIN, SECOND_START, DOWN_WITHIN = 90, 20, 10, 30


def free_ports() -> int:
    """Return a port whose follower is free too."""
    for _ in range(50):
        with closing(socket.socket()) as door, closing(socket.socket()) as next_door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
            try:
                next_door.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two ports in a row are free")


class Installation:
    """One data home and how to run `xaso` in it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_ports()
        self.process = None
        self.said = home / "serve.log"

    def environment(self) -> dict[str, str]:
        dropped = {"DATABASE_URL", "DATABASE_OWNER_URL", "XASO_POOL", "DJANGO_SETTINGS_MODULE"}
        secrets = {n for n in os.environ if n.startswith("XASO_") and "_KEY" in n}
        kept = {n: v for n, v in os.environ.items() if n not in dropped | secrets}
        ours = {"XASO_HOME": str(self.home), "XASO_PORT": str(self.port), "XASO_WORKERS": "1"}
        return kept | ours | {"XASO_LANG": "vi"}

    def xaso(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xaso.cli.main", *words]
        env = self.environment()
        return subprocess.run(
            command, env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def start(self) -> float:
        began = time.monotonic()
        command = [sys.executable, "-m", "xaso.cli.main", "serve"]
        with self.said.open("a") as out:
            self.process = subprocess.Popen(
                command, env=self.environment(), cwd=ROOT, stdout=out, stderr=out
            )
        self.until_well(UP_WITHIN)
        return time.monotonic() - began

    def health(self) -> dict:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=3) as got:
                return json.loads(got.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())
        except OSError:
            return {}

    def until_well(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_well():
            assert self.process.poll() is None, self.said.read_text()[-3000:]
            assert time.monotonic() < deadline, self.said.read_text()[-3000:]
            time.sleep(0.1)

    def is_well(self) -> bool:
        told = self.health()
        database, worker = told.get("database", {}).get("status"), told.get("worker")
        return database == worker == "ok" and all(said["ok"] for said in self.said_of_health())

    def said_of_health(self) -> list[dict]:
        folder = self.home / "run" / "health"
        return [json.loads(file.read_text()) for file in folder.glob("*.json")]

    def pids(self) -> dict[str, int]:
        folder = self.home / "run" / "health"
        return {
            f.stem: json.loads(f.read_text())["pid"]
            for f in folder.glob("*.json")
            if f.stem != "database"
        }


@pytest.fixture(scope="module")
def installation():
    home = PLACE / "serve"
    home.mkdir(parents=True, exist_ok=True)
    here = Installation(home)
    here.start()
    yield here
    here.process.send_signal(signal.SIGINT)  # Ctrl-C
    try:
        assert here.process.wait(DOWN_WITHIN) == 0
        assert postgres.running(home) is None
    finally:
        here.process.kill()
        sweep(home)


def test_it_made_keys_closed_to_others(installation):
    folder = installation.home / "secrets"
    assert sorted(f.name for f in folder.iterdir()) == [
        "xaso_field_key",
        "xaso_index_key",
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


def test_it_stops_everything_and_starts_again_at_once(installation):
    pids = [*installation.pids().values(), pid_of(installation.home), installation.process.pid]
    began = time.monotonic()
    told = installation.xaso("stop")
    assert (told.returncode, told.stdout.strip()) == (0, "Đã dừng.")
    installation.process.wait(DOWN_WITHIN)
    assert time.monotonic() - began < DOWN_WITHIN
    assert [pid for pid in pids if is_alive(pid)] == []
    assert "Không có gì" in installation.xaso("stop").stdout
    assert installation.start() < SECOND_START
