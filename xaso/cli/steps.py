"""What must be done before the first page can be served; each step is skipped when it is done."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from xaso.cli import filling, freshness, keys
from xaso.cli import home as homes
from xaso.cli.postgres import Running, layout
from xaso.cli.running import Plan, environment, inside
from xaso.cli.supervision.journal import Journal
from xaso.cli.words import Trouble


def make_keys(plan: Plan, journal: Journal) -> None:
    """Make the keys at the first start and say where they are."""
    homes.claim(plan.home)
    made = keys.prepare(plan.home, has_data=layout.of(plan.home).data.exists())
    if made:
        folder = plan.home / keys.FOLDER
        journal.tell(
            "keys made",
            f"Đã tạo khoá bí mật trong {folder}. Hãy chép một bản cất ở nơi khác: mất khoá thì "
            "không đọc lại được thông tin cá nhân đã lưu, kể cả từ bản sao lưu.",
            f"Secret keys were made in {folder}. Keep a copy elsewhere: without them the personal "
            "data can never be read again, not even from a backup.",
        )


def migrate(plan: Plan, running: Running, journal: Journal) -> None:
    """Bring the tables up to date."""
    if not running.owner_url:
        raise Trouble(
            "Cần DATABASE_OWNER_URL (vai trò xaso_owner) để cập nhật bảng.",
            "DATABASE_OWNER_URL (role xaso_owner) is needed to bring the tables up to date.",
        )
    if freshness.tables_are_fresh(running.owner_url):
        return
    with _timed(journal, "migrate", "Cập nhật bảng dữ liệu", "Bringing the tables up to date"):
        run_inside(plan, running, "migrate")


def collect_static(plan: Plan, running: Running, journal: Journal) -> None:
    """Collect the files that browsers fetch."""
    if not freshness.static_is_fresh(plan.home):
        with _timed(journal, "static", "Gom và nén tệp giao diện", "Collecting static files"):
            run_inside(plan, running, "static")


def fill(plan: Plan, running: Running, journal: Journal, *, size: str, seed: int) -> None:
    """Load the demo communes into an empty installation; never beside real ones."""
    if filling.is_filled(plan.home):
        return
    if freshness.holds_communes(running.superuser_url or running.app_url):
        raise NotADemo(plan)
    vi, en = f"Tạo dữ liệu thử (cỡ {size}, hạt giống {seed})", f"Making demo data ({size}, {seed})"
    with _timed(journal, "fill", vi, en):
        hear = partial(_pass_on, journal)
        run_inside(plan, running, "fill", size, str(seed), hear=hear)


def _pass_on(journal: Journal, line: str) -> None:
    journal.tell("fill", f"  {line}", f"  {line}")


def run_inside(
    plan: Plan, running: Running, *task: str, hear: Callable[[str], None] | None = None
) -> None:
    """Run a task inside Django; Trouble with its last lines when it fails.

    `hear` gets each line the task says while it works.
    """
    said: list[str] = []
    with subprocess.Popen(
        inside(*task),
        env=environment(plan, running) | {"XASO_POOL": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            said.append(line.rstrip())
            if hear and not line.startswith("{"):  # lines of JSON are for the log
                hear(said[-1])
    if process.returncode:
        said_last = "\n".join(said[-12:])
        raise Trouble(
            f"Bước {task[0]} không xong:\n{said_last}", f"Step {task[0]} failed:\n{said_last}"
        )


@contextmanager
def _timed(journal: Journal, event: str, vi: str, en: str) -> Iterator[None]:
    """Announce a long step, say every ten seconds that it lives, and how long it took."""
    journal.tell(event, f"{vi} …", f"{en} …")
    began, done = time.monotonic(), threading.Event()

    def beat() -> None:
        while not done.wait(10):
            spent = int(time.monotonic() - began)
            journal.tell(
                event, f"  … vẫn đang làm ({spent} giây)", f"  … still working ({spent} s)"
            )

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    spent = f"{time.monotonic() - began:.1f}"
    journal.tell(event, f"  xong sau {spent.replace('.', ',')} giây", f"  done in {spent} s")


class NotADemo(Trouble):
    """The data home holds communes that no demo has loaded."""

    def __init__(self, plan: Plan) -> None:
        """Word the sentence."""
        super().__init__(
            f"{plan.home} đang chứa dữ liệu không phải của bản thử: không ghi đè. "
            "Hãy dùng `xaso serve`, hoặc đặt XASO_HOME tới thư mục khác để chạy bản thử.",
            f"{plan.home} holds data that no demo made: they are not touched. "
            "Use `xaso serve`, or point XASO_HOME elsewhere for a demo.",
        )
