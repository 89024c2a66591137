"""The supervisor: database → worker → live → web; heals each of them; stops in reverse."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from xaso.cli.postgres import Running
from xaso.cli.running import Plan, environment
from xaso.cli.supervision import tasks
from xaso.cli.supervision.child import Child
from xaso.cli.supervision.database import Database
from xaso.cli.supervision.journal import Journal
from xaso.cli.supervision.reload import Watch
from xaso.cli.words import Trouble

TICK = 0.25
HEALTH_EVERY = 5.0
UNWELL_EVERY = 0.5
MEMORY_EVERY = 30.0
READY_WITHIN = 180.0


class Supervisor:
    """One run of all processes of one data home."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        """Prepare; nothing runs yet."""
        self.plan, self.journal = plan, journal
        self.database = Database(plan.home, journal)
        self._children: list[Child] = []
        self._stopping = False
        self._watch = Watch() if plan.reload else None
        self._health_at = self._memory_at = 0.0

    def start(self, running: Running) -> None:
        """Start worker, live and web and wait until the pages answer."""
        env = environment(self.plan, running)
        health = self.plan.home / "run" / "health"
        health.mkdir(parents=True, exist_ok=True)
        logs = self.plan.home / "log"
        logs.mkdir(mode=0o700, exist_ok=True)
        for task in tasks.of(self.plan):
            log = logs / f"{task.name}.log" if self.journal.human else None
            self._children.append(Child(task, env, log, health))
        for child in self._children:
            child.start()
        self._wait_until_ready(logs)

    def run(self) -> None:
        """Tend everything until a signal asks to stop."""
        while not self._stopping:
            self._tend()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop web, live and worker, then the database if it is ours."""
        for child in reversed(self._children):
            child.stop()
        self._children.clear()
        self.database.stop()

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Take SIGTERM, SIGINT or SIGHUP: finish the present step, then stop."""
        self._stopping = True

    def _tend(self) -> None:
        """Look after the database, then each process."""
        trouble = self.database.tend(self._pause, self._resume)
        if trouble:
            return
        if self._watch and self._watch.changed():
            self.journal.tell("reload", "Tệp nguồn đã đổi: nạp lại", "Source changed: reloading")
            self._pause()
            self._resume()
        for child in self._children:
            self._tend_child(child)
        self._look_closer()

    def _tend_child(self, child: Child) -> None:
        """Report and restart a process that died."""
        code = child.tend()
        if code is not None:
            name = child.task.name
            self.journal.tell(
                "process died",
                f"Tiến trình {name} dừng đột ngột (mã {code}), đang khởi động lại",
                f"Process {name} ended unexpectedly (code {code}); restarting it",
                process=name,
                code=code,
            )

    def _look_closer(self) -> None:
        """Write health files and restart what grew beyond its ceiling, each in its time."""
        now = time.monotonic()
        if now >= self._health_at:
            well = [child.write_health() for child in self._children]
            self._health_at = now + (HEALTH_EVERY if all(well) else UNWELL_EVERY)
        if now >= self._memory_at:
            self._memory_at = now + MEMORY_EVERY
            for child in [child for child in self._children if child.is_bloated()]:
                name = child.task.name
                self.journal.tell(
                    "too much memory",
                    f"Tiến trình {name} dùng quá nhiều bộ nhớ, đang khởi động lại",
                    f"Process {name} uses too much memory; restarting it",
                    process=name,
                )
                child.stop()
                child.start()

    def _pause(self) -> None:
        """Let the processes finish what they do and end, before the database goes away."""
        for child in reversed(self._children):
            child.stop()

    def _resume(self) -> None:
        """Start the processes again."""
        for child in self._children:
            child.start()

    def _wait_until_ready(self, logs: Path) -> None:
        """Wait until everything takes connections; tell what a process said when it cannot."""
        deadline = time.monotonic() + READY_WITHIN
        while not all(child.is_ready() for child in self._children):
            for child in self._children:
                self._tend_child(child)
            hopeless = any(child.is_hopeless for child in self._children)
            if hopeless or time.monotonic() > deadline:
                waiting = [c.task.name for c in self._children if not c.is_ready()]
                raise NotReady(waiting, logs)
            if self._stopping:
                raise KeyboardInterrupt
            time.sleep(0.05)
        for child in self._children:
            child.write_health()


@contextmanager
def only_one(plan: Plan) -> Iterator[None]:
    """Hold the right to supervise a data home; refuse while another supervisor has it."""
    folder = plan.home / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "supervisor.lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(plan.home) from None
        note = folder / "supervisor.json"
        note.write_text(json.dumps({"pid": os.getpid(), "address": plan.address}))
        try:
            yield
        finally:
            note.unlink(missing_ok=True)


def running(home: Path) -> tuple[int, str] | None:
    """Return pid and address of the supervisor of a data home; None when there is none."""
    folder = home / "run"
    with suppress(OSError, ValueError, KeyError), (folder / "supervisor.lock").open("r+") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = json.loads((folder / "supervisor.json").read_text())
            return int(note["pid"]), str(note["address"])
    return None


def listen(supervisor: Supervisor) -> None:
    """Have the usual signals stop the supervisor in good order."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)


class AlreadyRunning(Trouble):
    """Another supervisor serves this data home."""

    def __init__(self, home: Path) -> None:
        """Word the sentence."""
        found = running(home)
        where = found[1] if found else str(home)
        super().__init__(
            f"Xã Số đang chạy rồi ở {where}. Muốn dừng: xaso stop",
            f"Xã Số is running already at {where}. To stop it: xaso stop",
        )


class NotReady(Trouble):
    """A process does not come up."""

    def __init__(self, waiting: list[str], logs: Path) -> None:
        """Word the sentence, with the last lines of what the processes said."""
        names = ", ".join(waiting)
        said = [_tail(logs / f"{name}.log") for name in waiting]
        tail = "\n".join(filter(None, said))
        super().__init__(
            f"Tiến trình {names} không khởi động được.\n{tail}",
            f"The process {names} did not come up.\n{tail}",
        )


def _tail(log: Path) -> str:
    """Return the last lines of a log file."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""
