"""The database's part of supervision: up, on the programs it was started with, or mended."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from xaso.cli import postgres
from xaso.cli.postgres import Running
from xaso.cli.supervision.journal import Journal
from xaso.cli.words import Trouble

EVERY = 2.0
PATIENCE = (1.0, 2.0, 5.0, 10.0, 30.0)
OURS = "database-is-ours"


class Database:
    """The private server of a data home, or somebody else's behind DATABASE_URL."""

    def __init__(self, home: Path, journal: Journal) -> None:
        """Prepare; nothing runs yet."""
        self._home, self._journal = home, journal
        self._private = not os.environ.get("DATABASE_URL")
        self._next, self._failures = 0.0, 0
        self._replaced = False

    def start(self) -> Running:
        """Start or adopt the server; one that an earlier supervisor started counts as ours."""
        running = postgres.ensure(self._home)
        if running.started_by_us:
            with suppress(OSError):
                self._mark().touch()
        return running

    def stop(self) -> None:
        """Stop the server if a supervisor started it; leave one that somebody else uses."""
        if self._private and self._mark().exists():
            postgres.stop(self._home)
            self._mark().unlink(missing_ok=True)
        self._health_file().unlink(missing_ok=True)

    def tend(self, pause: Callable[[], None], resume: Callable[[], None]) -> bool:
        """Mend the server when it is down or its programs were replaced; True while it is not up.

        Programs replaced by a system upgrade break new sessions: the processes are paused, the
        server is restarted on the new programs, the processes resume.
        """
        if not self._private or time.monotonic() < self._next:
            return self._failures > 0
        self._next = time.monotonic() + EVERY
        if postgres.is_up(self._home):
            return self._mend_replaced(pause, resume)
        self._journal.tell(
            "database down",
            "Cơ sở dữ liệu đã dừng, đang khởi động lại",
            "The database has stopped; starting it again",
        )
        return not self._try()

    def _mend_replaced(self, pause: Callable[[], None], resume: Callable[[], None]) -> bool:
        """Restart on replaced programs, one look later: an upgrade writes its files in turn."""
        before, self._replaced = self._replaced, postgres.were_replaced(self._home)
        if not (before and self._replaced):
            return False
        self._journal.tell(
            "programs replaced",
            "PostgreSQL vừa được cập nhật, đang chuyển sang bản mới",
            "PostgreSQL was upgraded; moving to the new programs",
        )
        pause()
        well = self._try()
        resume()
        self._replaced = False
        return not well

    def _try(self) -> bool:
        """Ensure the server; on failure say why and wait longer before the next attempt."""
        try:
            self.start()
        except (Trouble, OSError) as error:
            trouble = error if isinstance(error, Trouble) else _in_words(error)
            wait = PATIENCE[min(self._failures, len(PATIENCE) - 1)]
            self._failures += 1
            self._next = time.monotonic() + wait
            vi, en = trouble.words.vi, trouble.words.en
            self._journal.tell("database trouble", vi, en, retry_in=wait)
            self._write_health(ok=False, said=en)
            return False
        if self._failures:
            self._journal.tell("database up", "Cơ sở dữ liệu chạy lại rồi", "The database is back")
        self._failures = 0
        self._write_health(ok=True, said="")
        return True

    def _write_health(self, *, ok: bool, said: str) -> None:
        """Write the database's health file."""
        at = datetime.now(UTC).isoformat()
        with suppress(OSError):  # a full disk must not end the supervisor
            self._health_file().write_text(json.dumps({"at": at, "ok": ok, "said": said}))

    def _health_file(self) -> Path:
        """Name the database's health file."""
        folder = self._home / "run" / "health"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / "database.json"

    def _mark(self) -> Path:
        """Name the file that says a supervisor started the server."""
        return self._home / "run" / OURS


def _in_words(error: OSError) -> Trouble:
    """Word a fault of the disk or the system."""
    where = f" ({error.filename})" if error.filename else ""
    return Trouble(
        f"Máy không ghi hoặc đọc được tệp{where}: {error.strerror}. Xem còn chỗ trên ổ đĩa không.",
        f"A file cannot be written or read{where}: {error.strerror}. See whether the disk is full.",
    )
