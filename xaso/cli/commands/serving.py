"""serve, demo, stop, migrate: what runs an installation."""

import argparse
import os
import shutil
import signal
import time

from xaso.cli import filling, freshness, postgres, steps
from xaso.cli import home as homes
from xaso.cli.parsing import Commands, flag
from xaso.cli.postgres import Running
from xaso.cli.running import Plan, plan, refuse_busy_ports
from xaso.cli.supervision import leftovers
from xaso.cli.supervision import supervisor as supervision
from xaso.cli.supervision.journal import Journal
from xaso.cli.supervision.supervisor import Supervisor
from xaso.cli.words import Trouble, say

STOP_WITHIN = 90.0
SEED = 20250701


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    serve_ = commands.add("serve", serve, "Chạy cổng của xã", "Serve an installation")
    flag(serve_, "--reload", "nạp lại khi tệp nguồn đổi", "reload when a source file changes")
    demo_ = commands.add("demo", demo, "Mở ba xã thử trên máy này", "Open three invented communes")
    flag(demo_, "--reload", "nạp lại khi tệp nguồn đổi", "reload when a source file changes")
    flag(demo_, "--fresh", "xoá dữ liệu thử và tạo lại", "drop the demo data and make them again")
    demo_.add_argument("--size", choices=("tiny", "small", "full"), default="small")
    demo_.add_argument("--seed", type=int, default=SEED)
    commands.add("stop", stop, "Dừng mọi tiến trình và cơ sở dữ liệu", "Stop everything")
    commands.add("migrate", migrate, "Cập nhật bảng dữ liệu", "Bring the tables up to date")


def serve(options: argparse.Namespace) -> int:
    """Serve until a signal; JSON lines on stderr."""
    journal = Journal(human=False)
    try:
        return _run(plan(reload=options.reload), journal, options)
    except Trouble as trouble:
        journal.tell("refused", trouble.words.vi, trouble.words.en)
        return 1


def demo(options: argparse.Namespace) -> int:
    """Serve the invented communes on this machine; calm lines for the person who looks on."""
    return _run(plan(demo=True, reload=options.reload), Journal(human=True), options)


def stop(_options: argparse.Namespace) -> int:
    """Stop the supervisor and, whoever started it, the private database of this data home."""
    home = homes.default()
    found = supervision.running(home)
    if found:
        os.kill(found[0], signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while supervision.running(home) and time.monotonic() < deadline:
            time.sleep(0.1)
    stopped = False if os.environ.get("DATABASE_URL") else postgres.stop(home)
    if found or stopped:
        say("Đã dừng.", "Stopped.")
    else:
        say("Không có gì đang chạy.", "Nothing was running.")
    return 0


def migrate(_options: argparse.Namespace) -> int:
    """Bring the tables up to date, whether or not something is serving."""
    planned, journal = plan(), Journal(human=True)
    steps.make_keys(planned, journal)
    running = postgres.ensure(planned.home)
    steps.migrate(planned, running, journal)
    if running.started_by_us:
        postgres.stop(planned.home)
    say("Bảng dữ liệu đã đúng với bản đang cài.", "The tables match this version.")
    return 0


def _run(planned: Plan, journal: Journal, options: argparse.Namespace) -> int:
    """Prepare, start, tend until a signal, stop in reverse."""
    homes.claim(planned.home)
    with supervision.only_one(planned):
        _clear_leftovers(planned, journal)
        refuse_busy_ports(planned)
        supervisor = Supervisor(planned, journal)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            running = _prepare(supervisor, options)
            supervision.listen(supervisor)
            supervisor.start(running)
            _announce(planned, journal)
            supervisor.run()
        except KeyboardInterrupt:
            return 130
        finally:
            journal.tell("stopping", "\nĐang dừng …", "\nStopping …")
            supervisor.stop()
            journal.tell("stopped", "Đã dừng mọi thứ.", "Everything is stopped.")
    return 0


def _clear_leftovers(planned: Plan, journal: Journal) -> None:
    """End what a supervisor that was killed left running; it would hold the ports."""
    left = leftovers.clear(planned.home)
    if left:
        names = ", ".join(left)
        journal.tell(
            "leftovers",
            f"Đã dừng tiến trình còn sót từ lần chạy trước: {names}",
            f"Ended what an earlier run had left: {names}",
        )


def _prepare(supervisor: Supervisor, options: argparse.Namespace) -> Running:
    """Do what the first page needs: keys, database, tables, files, demo communes."""
    planned, journal = supervisor.plan, supervisor.journal
    steps.make_keys(planned, journal)
    began = time.monotonic()
    running = supervisor.database.start()
    spent = f"{time.monotonic() - began:.1f}"
    journal.tell(
        "database",
        f"Cơ sở dữ liệu PostgreSQL {running.version} sẵn sàng ({spent.replace('.', ',')} giây)",
        f"PostgreSQL {running.version} is ready ({spent} s)",
    )
    if planned.demo and options.fresh:
        _forget_demo(planned, running)
    steps.migrate(planned, running, journal)
    steps.collect_static(planned, running, journal)
    if planned.demo:
        steps.fill(planned, running, journal, size=options.size, seed=options.seed)
    return running


def _forget_demo(planned: Plan, running: Running) -> None:
    """Drop the demo's database and files; only where a demo was loaded, never real communes."""
    url = running.superuser_url or running.app_url
    if not filling.is_filled(planned.home) and freshness.holds_communes(url):
        raise steps.NotADemo(planned)
    postgres.drop_database(running, postgres.NAME)
    postgres.create_database(running, postgres.NAME)
    shutil.rmtree(planned.home / "files", ignore_errors=True)
    (planned.home / filling.NOTE).unlink(missing_ok=True)


def _announce(planned: Plan, journal: Journal) -> None:
    """Say where to look, and in a demo who may sign in."""
    journal.tell("serving", f"\nMở: {planned.address}/", f"\nOpen: {planned.address}/")
    if not planned.demo:
        return
    filled = filling.filled(planned.home)
    for slug in filled.communes:
        line = f"  {planned.address}/{slug}/"
        journal.tell("commune", line, line)
    journal.tell("accounts", "\nTài khoản cán bộ mẫu:", "\nDemo officials:")
    for account in filled.accounts:
        line = f"  {account.username:<20} {account.password:<22} {account.who}"
        journal.tell("account", line, line)
    journal.tell("walls", "\nMàn hình tường:", "\nWall screens:")
    for path in filled.walls.values():
        journal.tell("wall", f"  {planned.address}{path}", f"  {planned.address}{path}")
    journal.tell("hint", "\nNhấn Ctrl-C để dừng.", "\nPress Ctrl-C to stop.")
