"""One process under supervision: started, watched, restarted with patience, stopped."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PATIENCE = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each further restart
HOPELESS = 3
SETTLED = 60.0  # alive so long, a process has its patience back
LIBC = ctypes.CDLL(None)
OWN_WORD_HOLDS = 30.0  # seconds after which a process that tells its health is taken for stuck
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Task:
    """What a process is for."""

    name: str
    command: list[str]
    port: int | None = None
    host: str = "127.0.0.1"
    ceiling: int = 512  # MB of resident memory of its largest process
    grace: float = 10.0  # seconds to end by itself


class Child:
    """A supervised process and its process group."""

    def __init__(self, task: Task, env: dict[str, str], log: Path | None, health: Path) -> None:
        """Prepare; `log` takes its output, None leaves it on our own streams."""
        self.task, self._env, self._log = task, env, log
        self._health = health / f"{task.name}.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._failures, self._born, self._due = 0, 0.0, 0.0

    @property
    def pid(self) -> int | None:
        """Return the process id while it lives."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches only the supervisor."""
        out = self._log.open("ab") if self._log else sys.stderr
        try:
            self._process = subprocess.Popen(
                self.task.command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one thread only
            )
        finally:
            if self._log:
                out.close()
        self._born = time.monotonic()

    def tend(self) -> int | None:
        """Restart when it died and its patience is over; return the exit code of a new death."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            if now - self._born > SETTLED:
                self._failures = 0
            return None
        self._clear_group(self._process.pid)
        self._process = None
        self._due = now + PATIENCE[min(self._failures, len(PATIENCE) - 1)]
        self._failures += 1
        return code

    def stop(self) -> None:
        """Ask it to end, wait for its grace, then end the whole group."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.task.grace)
        self._clear_group(process.pid)
        process.wait()
        self._health.unlink(missing_ok=True)

    @property
    def is_hopeless(self) -> bool:
        """Whether it died again and again since it last lived for a minute."""
        return self._failures >= HOPELESS

    def is_ready(self) -> bool:
        """Whether it lives and, having a port, answers there."""
        if self._process is None or self._process.poll() is not None:
            return False
        if self.task.port is None:
            return time.monotonic() - self._born > 1
        name = self._env.get("XASO_HOSTS", "").split(",")[0].lstrip(".")
        return _answers(self.task.host, self.task.port, name)

    def write_health(self) -> bool:
        """Write the health file that `/healthz` reads: pid, time, whether it is well.

        A process that lately wrote it itself (worker, live) knows better and is believed.
        """
        own = self._own_word()
        if own is not None:
            return own
        well = self.is_ready()
        facts = {"pid": self.pid, "at": datetime.now(UTC).isoformat(), "ok": well}
        with suppress(OSError):  # a full disk must not end the supervisor
            fresh = self._health.with_suffix(".new")
            fresh.write_text(json.dumps(facts))
            fresh.replace(self._health)
        return well

    def _own_word(self) -> bool | None:
        """Return whether the living process says it is well, None when it says nothing."""
        with suppress(OSError, ValueError):
            said = json.loads(self._health.read_text())
            young = time.time() - self._health.stat().st_mtime < OWN_WORD_HOLDS
            if said.get("own") and said.get("pid") == self.pid and young:
                return bool(said.get("ok"))
        return None

    def is_bloated(self) -> bool:
        """Whether one of its processes holds more memory than its ceiling."""
        return self._process is not None and _largest(self._process.pid) > self.task.ceiling

    def _clear_group(self, group: int) -> None:
        """End what a dead process left behind (its own workers)."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _die_with_parent() -> None:
    """Have the kernel stop this process when the supervisor is killed."""
    if sys.platform == "linux":
        LIBC.prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _answers(host: str, port: int, name: str = "") -> bool:
    """Whether a server speaks HTTP on a port, whatever it says.

    Asked by a name the installation has: a foreign one would fill the log with refusals.
    """
    line = HTTPConnection(host, port, timeout=2)
    try:
        line.request("GET", "/healthz", headers={"Host": name} if name else {})
        line.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
    return True


def _largest(group: int) -> int:
    """Return the resident memory in MB of the largest process of a group."""
    largest = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, StopIteration):
            if os.getpgid(int(entry.name)) != group:
                continue
            lines = (entry / "status").read_text().splitlines()
            line = next(line for line in lines if line.startswith("VmRSS"))
            largest = max(largest, int(line.split()[1]) // 1024)
    return largest
