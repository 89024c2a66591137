"""Processes under supervision: restarted when they die, ended with all they started."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from xaso.cli.supervision.child import Child, Task
from xaso.cli.tests.installation import ROOT, is_alive

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c',"
    " 'import time; time.sleep(60)']); print(p.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def nurse(tmp_path):
    """Make children and stop them all in the end."""
    children = []

    def make(command: list[str], **options) -> Child:
        task = Task("sleeper", command, **{"grace": 1.0} | options)
        child = Child(task, dict(os.environ), tmp_path / "said.log", tmp_path)
        children.append(child)
        child.start()
        return child

    yield make
    for child in children:
        child.stop()


def until(what, seconds: float = 5.0):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


def test_a_killed_process_is_started_again_after_a_moment(nurse):
    child = nurse(SLEEP)
    first = child.pid
    os.kill(first, signal.SIGKILL)
    assert until(child.tend) == -signal.SIGKILL
    assert child.pid is None
    until(lambda: child.tend() is None and child.pid)
    assert child.pid != first


def test_patience_grows_with_each_death(nurse):
    child = nurse([sys.executable, "-c", "raise SystemExit(3)"])
    assert until(child.tend) == 3
    began = time.monotonic()
    assert until(child.tend) == 3
    assert time.monotonic() - began >= 0.5
    began = time.monotonic()
    assert until(child.tend) == 3
    assert time.monotonic() - began >= 1.0
    assert child.is_hopeless


def test_stopping_ends_what_will_not_end_by_itself(nurse):
    child = nurse([sys.executable, "-c", STUBBORN])
    time.sleep(0.3)
    pid = child.pid
    child.stop()
    assert not is_alive(pid)


def test_stopping_ends_the_workers_a_process_started(nurse, tmp_path):
    child = nurse([sys.executable, "-c", PARENT])
    worker = int(until(lambda: (tmp_path / "said.log").read_text().strip()))
    child.stop()
    until(lambda: not is_alive(worker))


def test_workers_of_a_killed_process_do_not_stay_behind(nurse, tmp_path):
    child = nurse([sys.executable, "-c", PARENT])
    worker = int(until(lambda: (tmp_path / "said.log").read_text().strip()))
    os.kill(child.pid, signal.SIGKILL)
    until(child.tend)
    until(lambda: not is_alive(worker))


def test_the_health_file_says_who_and_how(nurse, tmp_path):
    child = nurse(SLEEP)
    child.write_health()
    assert json.loads((tmp_path / "sleeper.json").read_text())["ok"] is False  # too young
    until(child.is_ready)
    child.write_health()
    said = json.loads((tmp_path / "sleeper.json").read_text())
    assert (said["pid"], said["ok"]) == (child.pid, True)
    child.stop()
    assert not (tmp_path / "sleeper.json").exists()


def test_a_process_that_tells_its_own_health_is_believed_while_it_speaks(nurse, tmp_path):
    child = nurse(SLEEP)
    until(child.is_ready)
    file = tmp_path / "sleeper.json"
    file.write_text(json.dumps({"own": True, "pid": child.pid, "ok": False}))
    assert child.write_health() is False
    os.utime(file, (time.time() - 60, time.time() - 60))
    assert child.write_health() is True
    file.write_text(json.dumps({"own": True, "pid": 1, "ok": False}))
    assert child.write_health() is True


def test_a_process_that_grew_too_large_is_noticed(nurse):
    hungry = [sys.executable, "-c", "import time; x = b'x' * 90_000_000; time.sleep(60)"]
    child = nurse(hungry, ceiling=80)
    until(child.is_bloated)
    assert not nurse(SLEEP, ceiling=80).is_bloated()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_children_of_a_killed_supervisor_end_too(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from xaso.cli.supervision.child import *;"
        "c = Child(Task('s', [sys.executable, '-c', 'import time; time.sleep(60)']), {},"
        f" None, Path({str(tmp_path)!r})); c.start(); print(c.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_alive(child))
    assert not Path(f"/proc/{child}/exe").exists()


def test_a_server_is_asked_by_a_name_it_has(tmp_path):
    heard = []

    class Named(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.headers["Host"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Named)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    child = Child(
        Task("web", SLEEP, server.server_port),
        dict(os.environ) | {"XASO_HOSTS": "binhlu.example.vn,127.0.0.1"},
        tmp_path / "said.log",
        tmp_path,
    )
    child.start()
    assert child.is_ready()
    child.stop()
    server.shutdown()
    server.server_close()
    assert heard == ["binhlu.example.vn"]
