"""A whole installation to measure: own data home, demo data, the real processes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bench import processes
from xaso.cli import postgres

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("XASO_BENCH_PORT", "8790"))  # the other towns lie ten and twenty further
PORTS = {"small": PORT, "full": PORT + 10, "tiny": PORT + 20}


@dataclass
class Town:
    """A running installation and how to reach it."""

    home: Path
    env: dict[str, str]
    supervisor: subprocess.Popen[bytes]
    loaded: dict
    port: int
    took: float  # seconds until it answered; with its data when they were loaded now

    def pids(self, *words: str) -> list[int]:
        """Return the processes whose command line holds one of the words; all without words.

        The database is not a child of the supervisor (it outlives it): it is found by its home.
        """
        mine = processes.children(self.supervisor.pid)
        postgres = [
            int(p.name)
            for p in Path("/proc").iterdir()
            if p.name.isdigit() and str(self.home / "pg") in processes.command(int(p.name))
        ]
        for parent in list(postgres):
            postgres += processes.children(parent)[1:]
        everyone = sorted({*mine, *postgres})
        if not words:
            return everyone
        return [pid for pid in everyone if any(w in processes.command(pid) for w in words)]

    def python(self, *arguments: str) -> str:
        """Run one of the bench's modules in the town's environment; return its last line."""
        command = [sys.executable, "-W", "ignore", "-m", *arguments]
        env = self.env | {"BENCH_OFFICER": self.officer()}
        done = subprocess.run(
            command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.splitlines()[-1]

    def officer(self) -> str:
        """Return the account of an officer of the measured commune."""
        return next(
            a["username"]
            for a in self.loaded["accounts"]
            if a["role"] == "officer" and a["commune"] == "binh-lu"
        )

    def web(self) -> list[int]:
        """Return the web workers and their parent."""
        return self.pids("granian")

    def stop(self) -> None:
        """Stop everything, as Ctrl-C does."""
        self.supervisor.send_signal(signal.SIGINT)
        self.supervisor.wait(60)


def build(size: str, *, fresh: bool = False) -> Town:
    """Open a town of a size (tiny, small: 600 reports, full: 100,000), loading it when new."""
    home = ROOT / f".home-bench-{size}"
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    port, began = PORTS[size], time.monotonic()
    env = os.environ | {"XASO_HOME": str(home), "XASO_PORT": str(port), "XASO_DEMO": "1"}
    xaso = Path(sys.executable).parent / "xaso"
    note = home / "demo.json"
    command = [str(xaso), "demo", "--size", size]
    log = (ROOT / f".home-bench-{size}.log").open("wb")
    running = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)
    _wait(running, port, seconds=2_400)
    loaded = json.loads(note.read_text()) if note.exists() else {}
    database = postgres.running(home)
    if database is None:
        raise SystemExit("The demo answers, but its database does not run.")
    env |= {"DATABASE_URL": database.app_url, "BENCH_PG": str(home)} | _keys(home)
    return Town(home, env, running, loaded, port, time.monotonic() - began)


def _keys(home: Path) -> dict[str, str]:
    """Return the keys of a home, for what runs beside its processes."""
    folder = home / "secrets"
    return {file.name.upper(): file.read_text().strip() for file in folder.iterdir()}


def _wait(running: subprocess.Popen[bytes], port: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if running.poll() is not None:
            raise SystemExit(
                f"The demo stopped by itself (exit {running.returncode}); see its log."
            )
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo did not answer in time.")
