"""A real worker process on the test's own database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

START = """
from xaso.kernel.jobs import worker
import django
django.setup()
import xaso.kernel.jobs.tests.doing
worker.run()
"""


@pytest.fixture
def start_worker(committed: str, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Return a function that starts a worker; all are stopped at the end."""
    started: list[subprocess.Popen] = []

    def start(url: str = committed, **env: str) -> subprocess.Popen:
        home = {"DATABASE_URL": url, "XASO_HOME": str(tmp_path), "XASO_STALLED_AFTER": "3"}
        process = subprocess.Popen(
            [sys.executable, "-c", START],
            env=os.environ | home | env,
            stderr=subprocess.PIPE if env.pop("LISTEN", "") else None,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Return a function that waits, generously, until something holds."""

    def wait(holds: Callable[[], object], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            time.sleep(0.1)

    return wait
