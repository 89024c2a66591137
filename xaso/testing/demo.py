"""The tiny demo, loaded once for every test that needs one and kept between runs.

Loading takes more than a minute, so it is done by one process for all, by the very steps of
`xaso demo`, and copied: a template database and a stopped data home. What is kept is told apart by
everything that decides what it looks like: the program and the hour. `xaso.demo.load` gives the
same rows within an hour; a run that goes on longer keeps the hour it began in.

Tests whose subject is the loading itself do not use this: `xaso/demo/tests/test_tell_stories.py`.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from xaso.testing.server import HOME, ROOT, Server

BEGAN = "XASO_TEST_BEGAN"  # the hour of this run; processes of one run share it
PORT = 8000  # stands in addresses of messages that were sent while the demo was loaded
_NOT_LOADED = {"__pycache__", "tests", "static", "testing"}  # decides nothing in the database
_kept: list[IO[str]] = []  # open while this process lives: what is in use is not cleared away


def begin() -> None:
    """Note the hour this run began in, for itself and the processes it starts."""
    os.environ.setdefault(BEGAN, datetime.now(UTC).strftime("%Y%m%d%H"))


@dataclass(frozen=True)
class Demo:
    """A loaded demo; neither database nor homes are ever used, only copied."""

    server: Server
    folder: Path

    @property
    def database(self) -> str:
        """Name of the template database."""
        return f"xaso_{self.folder.name}".replace("-", "_")

    @property
    def home(self) -> Path:
        """Data home without a cluster: files, keys, notes, static files."""
        return self.folder / "home"

    @property
    def dump(self) -> Path:
        """What pg_dump wrote of the database."""
        return self.folder / "database.dump"

    def copy(self, database: str, home: Path) -> dict[str, Any]:
        """Copy database and files under other names; returns what the loader said."""
        self.server.copy(database, self.database)
        copy_tree(self.home, home)
        said: dict[str, Any] = json.loads((home / "loaded.json").read_text(encoding="utf-8"))
        return said

    def mould(self, name: str, *, programs: Path | None = None) -> Path:
        """Return a stopped data home with the demo in a cluster of its own, kept beside it.

        `programs` is a folder of PostgreSQL's programs, by default those an installation takes.
        """
        home, done = self.folder / name, self.folder / f"{name}.done"
        with locked(self.folder / f"{name}.lock"):
            if not done.exists():
                _pour(self, home, programs)
                done.touch()
        return home


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder with owners, modes and times, sharing blocks where the disk can."""
    target.mkdir(parents=True, exist_ok=True)
    command = ["cp", "-a", "--reflink=auto", f"{source}/.", str(target)]
    subprocess.run(command, check=True)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock file: whoever needs the same at the same moment waits and finds it done."""
    with file.open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def prepared(server: Server) -> Demo:
    """Return the demo of this program and hour, loaded when it is not there yet."""
    demo = Demo(server, HOME / f"demo-{_digest()}")
    with locked(HOME / "demo.lock"):
        for old in set(HOME.glob("demo-*")) - {demo.folder}:
            _forget(Demo(server, old))
        demo.folder.mkdir(exist_ok=True)
        _kept.append((demo.folder / "in-use").open("w"))
        fcntl.flock(_kept[-1], fcntl.LOCK_SH)
        done = demo.folder / "done"
        if not done.exists():
            _load(demo)
            done.touch()
    return demo


def _digest() -> str:
    """Digest everything that decides what the loaded demo looks like."""
    begin()
    seen = hashlib.sha256(os.environ[BEGAN].encode())
    for file in (ROOT / "requirements.txt", *sorted((ROOT / "xaso").rglob("*"))):
        name = file.relative_to(ROOT)
        if file.is_file() and not _NOT_LOADED & set(name.parts):
            seen.update(str(name).encode() + file.read_bytes())
    return seen.hexdigest()[:16]


def _forget(old: Demo) -> None:
    """Clear an earlier demo away unless a run still uses it."""
    with (old.folder / "in-use").open("w") as door, suppress(BlockingIOError):
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        old.server.drop(old.database)
        for pointer in old.folder.glob("*/elsewhere"):  # a cluster that stands where it is reached
            shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
        shutil.rmtree(old.folder)


def _load(demo: Demo) -> None:
    """Load it as `xaso demo` does: the same steps, on a database of the tests' own server."""
    from xaso.cli import steps
    from xaso.cli.commands.serving import SEED
    from xaso.cli.postgres import tools
    from xaso.cli.running import Plan
    from xaso.cli.supervision.journal import Journal

    shutil.rmtree(demo.home, ignore_errors=True)
    demo.server.copy(demo.database)
    running = demo.server.running.for_database(demo.database)
    plan = Plan(demo.home, "127.0.0.1", PORT, workers=1, demo=True)
    journal = Journal(human=True)
    steps.make_keys(plan, journal)
    steps.migrate(plan, running, journal)
    steps.collect_static(plan, running, journal)
    steps.fill(plan, running, journal, size="tiny", seed=SEED)
    dump = ("-Fc", "-f", str(demo.dump), "-d", tools.backup_url(running))
    tools.run(demo.home, running, "pg_dump", *dump)


def _pour(demo: Demo, home: Path, programs: Path | None) -> None:
    """Make a cluster as any other, and bring the demo into it as a restore would."""
    from xaso.cli import keys, postgres
    from xaso.cli.copies import restoring

    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "XASO_PG_BIN", "XASO_PG_USER"):
            patch.delenv(name, raising=False)
        if programs:
            patch.setenv("XASO_PG_BIN", str(programs))
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)
        copy_tree(demo.home, home)
        for key in (*keys.NAMES, keys.PUSH):  # what was sealed here is opened there
            file = keys.file_of(home, key)
            file.write_text(os.environ[key] + "\n")
            file.chmod(keys.CLOSED)
        try:
            restoring.load(home, postgres.ensure(home), demo.dump)
        finally:
            postgres.stop(home)
