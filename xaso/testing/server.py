"""The private PostgreSQL of this checkout's tests, and the databases copied from its templates."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("XASO_TEST_HOME", ROOT / ".home-test"))
TEMPLATE = "xaso_template"


def _digest() -> str:
    """Return a digest of everything that decides what the migrated database looks like."""
    seen = hashlib.sha256()
    for file in sorted((ROOT / "xaso").rglob("migrations/*.py")):
        seen.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    for file in (ROOT / "xaso/kernel/tenancy/operations.py", ROOT / "requirements.txt"):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]


def _wait_for_disk(socket: Path, value: str) -> None:
    """Let the server wait for the disk at each commit, or not: nothing here outlives the tests.

    The setting is not kept: a server that starts again is safe again.
    """
    from xaso.cli.postgres import cluster

    with cluster.connect(socket) as superuser:
        for name in ("fsync", "full_page_writes"):
            superuser.execute(f"ALTER SYSTEM SET {name} = {value}")
        superuser.execute("SELECT pg_reload_conf()")
        until = time.monotonic() + 10
        while superuser.execute("SHOW full_page_writes").fetchone() != (value,):
            if time.monotonic() > until:
                raise RuntimeError("PostgreSQL did not take the setting.")
            time.sleep(0.01)
        for name in ("fsync", "full_page_writes"):
            superuser.execute(f"ALTER SYSTEM RESET {name}")
    (HOME / "boot").write_text(_boot())


def _boot() -> str:
    """Return what tells this start of the machine from others, where the system says it."""
    told = Path("/proc/sys/kernel/random/boot_id")
    return told.read_text() if told.exists() else ""


def _forget_after_power_cut() -> None:
    """Begin anew when the machine stopped under a server that did not wait for the disk."""
    last = HOME / "boot"
    is_cut = (HOME / "pg" / "data" / "postmaster.pid").exists()
    if is_cut and last.exists() and last.read_text() != _boot():
        for part in HOME.iterdir():
            if part.name != "tests.lock":
                shutil.rmtree(part) if part.is_dir() else part.unlink()


class Server:
    """The private PostgreSQL of this checkout and its databases."""

    def __init__(self) -> None:
        """Start the server, or adopt the one that runs."""
        from xaso.cli import postgres

        self.postgres = postgres
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / "tests.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another run may begin beside this one
            _forget_after_power_cut()
            earlier = postgres.running(HOME)
            if earlier is not None and earlier.socket is not None:
                _wait_for_disk(earlier.socket, "on")  # an unsafe server would not be adopted
            self.running = postgres.ensure(HOME)
            if self.running.socket is not None:
                _wait_for_disk(self.running.socket, "off")
            _ = self.migrated

    def url(self, name: str, role: str = "xaso_app") -> str:
        """Return the address of a database for a role."""
        socket = urlsplit(self.running.app_url).query
        return f"postgresql://{role}@/{name}?{socket}"

    @cached_property
    def migrated(self) -> str:
        """Name the migrated template database, made anew when a migration changed."""
        name = f"{TEMPLATE}_{_digest()}"
        done = HOME / f"{name}.done"
        if not done.exists():
            self.postgres.drop_database(self.running, name)
            self.postgres.create_database(self.running, name)
            addresses = {
                "DATABASE_URL": self.url(name, "xaso_owner"),
                "DATABASE_OWNER_URL": self.url(name, "xaso_owner"),
            }
            # As an installation does it, which also notes that the tables are up to date.
            migrate = [sys.executable, "-m", "xaso.cli.inside", "migrate"]
            subprocess.run(migrate, check=True, env=os.environ | addresses, cwd=ROOT)
            done.touch()
        return name

    def copy(self, name: str, template: str = "") -> None:
        """Make a database a fresh copy of a template, by default of the migrated one."""
        self.postgres.drop_database(self.running, name)
        self.postgres.create_database(self.running, name, template=template or self.migrated)

    def drop(self, name: str) -> None:
        """Drop a database."""
        self.postgres.drop_database(self.running, name)
