"""An installation of its own for tests: the real supervisor with everything it runs."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from xaso.cli import postgres
from xaso.cli.tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[3]

PROCESSES = {"web", "worker", "live"}
UP_WITHIN, HEALED_WITHIN, DOWN_WITHIN = 300, 90, 60  # generous: a crowded machine


class Installation:
    """One data home and how to run `xaso` in it."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home, self.port, self.more = home, free_ports(), more
        self.process = None
        self.words = ("serve",)
        self.said = home.with_name(f"{home.name}.log")  # beside it: its disk may be full

    def environment(self) -> dict[str, str]:
        dropped = {"DATABASE_URL", "DATABASE_OWNER_URL", "XASO_POOL", "DJANGO_SETTINGS_MODULE"}
        secrets = {n for n in os.environ if n.startswith("XASO_") and "_KEY" in n}
        kept = {n: v for n, v in os.environ.items() if n not in dropped | secrets}
        ours = {"XASO_HOME": str(self.home), "XASO_PORT": str(self.port), "XASO_WORKERS": "1"}
        return kept | ours | {"XASO_LANG": "vi"} | self.more

    def xaso(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xaso.cli.main", *words]
        env = self.environment()
        return subprocess.run(
            command, env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def start(self, *words: str) -> float:
        """Run `xaso serve` (or other words) until it is well; return the seconds that took."""
        began = time.monotonic()
        self.words = words or self.words
        self.launch()
        self.until_well(UP_WITHIN)
        return time.monotonic() - began

    def launch(self) -> None:
        command = [sys.executable, "-m", "xaso.cli.main", *self.words]
        with self.said.open("a") as out:
            self.process = subprocess.Popen(
                command, env=self.environment(), cwd=ROOT, stdout=out, stderr=out
            )

    def close(self) -> None:
        """Stop it as Ctrl-C does; it must end well and leave nothing running."""
        self.process.send_signal(signal.SIGINT)
        try:
            assert self.process.wait(DOWN_WITHIN) == 0
            assert postgres.running(self.home) is None
            assert self.processes() == []
        finally:
            self.process.kill()
            postgres.stop(self.home)

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
        ours, pids = set(children(self.process.pid)), self.pids()
        if not set(pids) >= PROCESSES or not set(pids.values()) <= ours:
            return False  # not all there, or what answers is what an earlier life left behind
        told = self.health()
        database, worker = told.get("database", {}).get("status"), told.get("worker")
        return database == worker == "ok" and all(said["ok"] for said in self.said_of_health())

    def said_of_health(self) -> list[dict]:
        return list(self._health_files().values())

    def pids(self) -> dict[str, int]:
        files = self._health_files().items()
        return {name: said["pid"] for name, said in files if said.get("pid")}

    def _health_files(self) -> dict[str, dict]:
        found = {}
        for file in (self.home / "run" / "health").glob("*.json"):
            with suppress(OSError, ValueError):  # replaced, or gone, this very moment
                found[file.stem] = json.loads(file.read_text())
        return found

    def processes(self) -> list[int]:
        """Return every living process of this data home but the database's."""
        mark = b"XASO_HOME=" + os.fsencode(self.home)
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                is_ours = mark in (entry / "environ").read_bytes().split(b"\0")
                if is_ours and is_alive(int(entry.name)):
                    found.append(int(entry.name))
        return found


def children(pid: int) -> list[int]:
    """Return the living children of a process."""
    with suppress(OSError):
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
