"""Make, start, watch and stop the private cluster. All changes happen under `locked`."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from xaso.cli import whole
from xaso.cli.postgres import accounts, configuration
from xaso.cli.postgres.binaries import Binaries
from xaso.cli.postgres.layout import Layout
from xaso.cli.words import Trouble, warn

PATIENCE = 60.0  # seconds to wait for another starter, or for children of a killed postmaster
LOG_LIMIT = 20_000_000
BUSY = ("already exists", "is still in use", "could not create any Unix-domain sockets")
FULL = ("No space left on device", "Disk quota exceeded", "Check free disk space")


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid tells about a server."""

    pid: int
    socket: Path


@contextlib.contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Hold the right to start or stop this cluster; waits at most a minute for another starter."""
    deadline = time.monotonic() + PATIENCE
    with layout.lock.open("w") as door:
        while True:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Trouble(
                        f"Một lệnh khác đang giữ {layout.lock} hơn một phút.",
                        f"Another command has held {layout.lock} for more than a minute.",
                    ) from None
                time.sleep(0.1)
        yield


def postmaster(layout: Layout) -> Postmaster | None:
    """Read postmaster.pid; None when there is no (complete) file."""
    try:
        lines = (layout.data / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), Path(lines[4]))
    except (FileNotFoundError, IndexError, ValueError):
        return None


def connect(socket: Path, user: str = "postgres", name: str = "postgres") -> psycopg.Connection:
    """Open an autocommit connection through a socket folder."""
    return psycopg.connect(url(socket, user, name), autocommit=True, connect_timeout=10)


def url(socket: Path, user: str, name: str) -> str:
    """Write the address of a database behind a socket folder as libpq and Django read it."""
    return f"postgresql://{user}@/{name}?host={quote(str(socket))}"


def answering(layout: Layout) -> Postmaster | None:
    """Return the running server once it takes connections; None when none is running.

    A server that is starting or recovering is waited for, at most a minute.
    """
    deadline = time.monotonic() + PATIENCE
    while (found := postmaster(layout)) and is_alive(found.pid):
        try:
            connect(found.socket).close()
        except psycopg.OperationalError as error:
            waiting = "starting up" in str(error) or "in recovery" in str(error)
            if not waiting or time.monotonic() > deadline:
                return None
            time.sleep(0.1)
        else:
            return found
    return None


def initialise(layout: Layout, binaries: Binaries) -> None:
    """Make a new cluster; in a folder beside its place, so that a half-made one is never used."""
    if layout.data.exists() and any(layout.data.iterdir()):
        raise Trouble(
            f"{layout.data} có tệp nhưng không phải dữ liệu PostgreSQL: không đụng tới.",
            f"{layout.data} holds files that are no PostgreSQL cluster: it is left untouched.",
        )
    fresh = layout.pg / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    accounts.give(fresh, layout.server)
    locale = ["--locale=C.UTF-8"]
    if binaries.major >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["-U", "postgres", "-E", "UTF8", "--data-checksums", "--auth=peer", *locale]
    done = run(layout, binaries, "initdb", "-D", str(fresh), *options)
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise explain(layout, done.stdout + done.stderr)
    if layout.data.exists():
        layout.data.rmdir()
    fresh.rename(layout.data)


def start(layout: Layout, binaries: Binaries) -> Path:
    """Start the server and return its socket folder.

    After kill -9 the old children hold the shared memory for a moment and postmaster.pid names a
    process that may still exist: PostgreSQL then refuses to start. It is asked again until it
    agrees; postmaster.pid is never deleted.
    """
    socket = layout.socket_folder()
    configuration.write(layout, socket)
    _rotate(layout.log)
    deadline = time.monotonic() + PATIENCE
    while True:
        before = layout.log.stat().st_size if layout.log.exists() else 0
        where = ("-D", str(layout.data), "-l", str(layout.log))
        done = run(layout, binaries, "pg_ctl", "start", "-s", "-w", "-t", "300", *where)
        if done.returncode == 0:
            remember(layout, binaries)
            return socket
        said = _log_since(layout.log, before) + done.stderr
        if not any(sign in said for sign in BUSY) or time.monotonic() > deadline:
            raise explain(layout, said)
        time.sleep(0.15)


def stop(layout: Layout, binaries: Binaries) -> None:
    """Stop the server: fast within a minute, immediate (with a warning) after that."""
    where = ("-D", str(layout.data), "-s", "-w", "-t", "60")
    if run(layout, binaries, "pg_ctl", "stop", "-m", "fast", *where).returncode == 0:
        return
    if postmaster(layout) is None:
        return
    warn(
        "PostgreSQL không dừng trong một phút; buộc dừng ngay (lần sau sẽ tự phục hồi).",
        "PostgreSQL did not stop within a minute; stopping at once (it recovers at next start).",
    )
    run(layout, binaries, "pg_ctl", "stop", "-m", "immediate", *where)


def assert_safe(connection: psycopg.Connection) -> None:
    """Refuse a server that could lose acknowledged writes or listens to the network."""
    wanted = {"fsync": "on", "full_page_writes": "on", "data_checksums": "on"}
    for name, value in {**wanted, "listen_addresses": ""}.items():
        row = connection.execute(f"SHOW {name}").fetchone()
        if row is None or row[0] != value:
            raise Unsafe(name, row[0] if row else "?", value)


def run(
    layout: Layout, binaries: Binaries, program: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user, with a clean environment."""
    return subprocess.run(
        [str(binaries.folder / program), *arguments],
        env=binaries.environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **layout.server.identity(),
    )


def remember(layout: Layout, binaries: Binaries) -> None:
    """Write down which files the server runs on, to notice when they are replaced."""
    files = [binaries.folder / "postgres", binaries.library / "plpgsql.so"]
    facts = {
        "folder": str(binaries.folder),
        "version": binaries.version,
        "source": binaries.source,
        "files": {str(file): _fingerprint(file) for file in files},
    }
    whole.write(layout.started, json.dumps(facts, indent=1), mode=0o644)


def remembered(layout: Layout) -> Binaries | None:
    """Return the programs the running server was started with."""
    try:
        facts = json.loads(layout.started.read_text())
        return Binaries(Path(facts["folder"]), facts["version"], facts["source"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def were_replaced(layout: Layout) -> bool:
    """Whether the programs on disk are no longer those the server runs on (a system upgrade)."""
    try:
        files = json.loads(layout.started.read_text())["files"]
    except (FileNotFoundError, ValueError, KeyError):
        return True
    return any(_fingerprint(Path(file)) != seen for file, seen in files.items())


def log_tail(layout: Layout, lines: int = 12) -> str:
    """Return the last lines the server wrote."""
    size = layout.log.stat().st_size if layout.log.exists() else 0
    return "\n".join(_log_since(layout.log, max(0, size - 8_000)).splitlines()[-lines:])


def explain(layout: Layout, said: str) -> Trouble:
    """Turn what the server said when it failed into a sentence with a way out."""
    tail = "\n".join(said.strip().splitlines()[-8:])
    if any(sign in said for sign in FULL):
        return DiskFull(layout.data, tail)
    if any(sign in said for sign in ("PANIC", "invalid page", "valid checkpoint record")):
        return Damaged(layout.data, tail)
    return Trouble(
        f"PostgreSQL không khởi động được ({layout.log}):\n{tail}",
        f"PostgreSQL did not start ({layout.log}):\n{tail}",
    )


def is_alive(pid: int) -> bool:
    """Whether a process exists (perhaps another user's)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _fingerprint(file: Path) -> list[int]:
    """Device, inode and time of a file; empty when it is gone."""
    try:
        info = file.stat()
    except FileNotFoundError:
        return []
    return [info.st_dev, info.st_ino, info.st_mtime_ns]


def _log_since(log: Path, position: int) -> str:
    """Return what was written to the log after a position."""
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(position)
        return stream.read().decode(errors="replace")


def _rotate(log: Path) -> None:
    """Keep one older log when the present one has grown large."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


class Unsafe(Trouble):
    """The server runs with a setting that may lose data or opens a door."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        """Word the sentence."""
        super().__init__(
            f"PostgreSQL đang chạy với {name} = {value!r}, cần {wanted!r}. Đã dừng lại để giữ an "
            "toàn dữ liệu; hãy bỏ thiết lập đó trong postgresql.auto.conf hay postgresql.conf.",
            f"PostgreSQL runs with {name} = {value!r} instead of {wanted!r}. It was stopped to "
            "keep the data safe; remove that setting from postgresql.auto.conf or postgresql.conf.",
        )


class DiskFull(Trouble):
    """No room for the database."""

    def __init__(self, data: Path, tail: str) -> None:
        """Word the sentence."""
        super().__init__(
            f"Ổ đĩa chứa {data} đã đầy. Hãy dọn bớt chỗ rồi chạy lại; dữ liệu đã ghi vẫn còn.\n"
            f"{tail}",
            f"The disk that holds {data} is full. Make room and try again; what was written is "
            f"safe.\n{tail}",
        )


class Damaged(Trouble):
    """The files of the cluster are damaged."""

    def __init__(self, data: Path, tail: str) -> None:
        """Word the sentence."""
        super().__init__(
            f"Dữ liệu ở {data} bị hỏng. Đừng dùng pg_resetwal; hãy phục hồi bản sao lưu mới nhất "
            f"bằng `xaso restore`.\n{tail}",
            f"The data at {data} are damaged. Never use pg_resetwal; bring back the last backup "
            f"with `xaso restore`.\n{tail}",
        )
