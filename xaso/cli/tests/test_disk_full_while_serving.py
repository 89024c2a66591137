"""The disk fills up under a running server: sentences, no half-written file, recovery by itself."""

import hashlib
import os
import subprocess
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from xaso.cli.tests.conftest import PLACE, as_root, copy_of
from xaso.cli.tests.installation import Installation
from xaso.cli.tests.residents import compare, crowd

pytestmark = [pytest.mark.cluster, pytest.mark.chaos, as_root]
HEALED_WITHIN = 90
SIZE = "400m"
LONG = bool(os.environ.get("XASO_CHAOS"))


@pytest.fixture(params=["guarded", "unguarded"])
def town(request, demo_home):
    """A demo on a disk of its own, with and without the guard that stops before it is full."""
    home = PLACE / f"full-{request.param}"
    home.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(home)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow mounting a small disk")
    guard = "1" if request.param == "guarded" else "0"
    here = Installation(home, XASO_DISK_GUARD=guard)
    try:
        copy_of(demo_home, home)
        here.start("demo", "--size", "tiny")
        yield here
        here.close()
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def fill(home: Path) -> Path:
    """Leave room for nothing."""
    filler = home / "filler"
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        while file.write(b"x" * 65_536):
            pass
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        while file.write(b"x" * 512):
            pass
    return filler


def test_a_full_disk_costs_patience_and_nothing_else(town, capsys):
    with crowd(town, 4) as residents:
        until(lambda: sum(len(r.acknowledged) for r in residents) > 20)
        before = answers(residents)
        full_for = time.monotonic() + (60 if LONG else 12)
        while time.monotonic() < full_for:
            filler = fill(town.home)  # again: what was freed meanwhile
            time.sleep(0.5)
        told = town.health()
        assert told["disk"] == {"status": "read_only", "used_percent": 100.0}
        assert told["status"] in ("degraded", "down")
        assert town.process.poll() is None
        refused = answers(residents) - before
        filler.unlink()
        town.until_well(HEALED_WITHIN)
        known = sum(len(r.acknowledged) for r in residents)
        until(lambda: sum(len(r.acknowledged) for r in residents) > known + 20)
    assert refused[503] + refused[507] + refused[0]
    seen = compare(town, residents)
    with capsys.disabled():
        print(f"\nanswers while full (0: none came): {dict(sorted(refused.items()))}; {seen}")
    assert (seen["lost"], seen["doubled"], seen["photos lost"]) == (0, 0, 0), seen
    every_file_is_whole(town.home)
    assert urllib.request.urlopen(f"http://127.0.0.1:{town.port}/binh-lu/").status == 200
    assert town.xaso("audit", "verify").returncode == 0


def answers(residents) -> Counter:
    return sum((r.answers for r in residents), Counter())


def every_file_is_whole(home: Path) -> None:
    files = [f for f in (home / "files").glob("*/*/??/??/*") if f.is_file()]
    assert files
    for file in files:
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            continue  # an upload leaves once its clean pictures are there
        assert hashlib.sha256(content).hexdigest() == file.name, file
    # What was under way when the last resident stopped is cleared as its request ends.
    until(lambda: not list((home / "files" / "incoming").glob("*")), 20)


def until(what, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)
