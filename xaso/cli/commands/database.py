"""db …: the private PostgreSQL, for people who look after it."""

import argparse
import os
import time
from pathlib import Path

import psycopg

from xaso.cli import home as homes
from xaso.cli import postgres
from xaso.cli.copies import counting, restoring
from xaso.cli.parsing import Commands
from xaso.cli.postgres import Running, binaries, bundled, layout, tools
from xaso.cli.words import Words, say

ROLES = ("xaso_app", "xaso_owner", "xaso_readonly", "xaso_backup", "postgres")
STATUS = (
    "SELECT pg_size_pretty(pg_database_size(current_database())), "
    "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
    "date_trunc('second', now() - pg_postmaster_start_time())::text"
)


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    group = commands.group("db", "Cơ sở dữ liệu riêng", "The private database")
    shell_ = group.add("shell", shell, "Mở psql", "Open psql")
    shell_.add_argument("--role", choices=ROLES, default="xaso_app")
    group.add("status", status, "Đang chạy thế nào", "How it is doing")
    group.add("which", which, "Dùng PostgreSQL nào, vì sao", "Which PostgreSQL is used, and why")
    group.add("stop", stop, "Dừng cơ sở dữ liệu", "Stop the database")
    dump_ = group.add("dump", dump, "Xuất ra một tệp", "Write a dump file")
    dump_.add_argument("file", type=Path)
    restore_ = group.add("restore", restore, "Nạp tệp đã xuất", "Load a dump file")
    restore_.add_argument("file", type=Path)
    group.add("upgrade", upgrade, "Chuyển sang bản PostgreSQL mới", "Move to a newer major version")


def shell(options: argparse.Namespace) -> int:
    """Become psql on the running database."""
    home = homes.default()
    running = postgres.ensure(home)
    line, environment = tools.command(home, running, "psql")
    url = running.app_url.replace("xaso_app@", f"{options.role}@", 1)
    os.execve(line[0], [*line, url], environment)  # noqa: S606  # psql takes this process's place


def status(_options: argparse.Namespace) -> int:
    """Print version, size, connections and time since start; exit code 1 when it is down."""
    home = homes.default()
    running = _outside(home) if os.environ.get("DATABASE_URL") else postgres.running(home)
    if running is None:
        say("Cơ sở dữ liệu không chạy.", "The database is not running.")
        return 1
    with psycopg.connect(running.app_url, autocommit=True) as connection:
        size, sessions, age = connection.execute(STATUS).fetchone() or ("?", 0, "?")
    say(f"PostgreSQL {running.version}  {running.binaries}", f"PostgreSQL {running.version}")
    say(f"Dung lượng {size}, {sessions} kết nối", f"Size {size}, {sessions} sessions")
    say(f"Đã chạy {age}", f"Up for {age}")
    return 0


def which(_options: argparse.Namespace) -> int:
    """Print each place looked at, what was chosen, and why the others were not."""
    if os.environ.get("DATABASE_URL"):
        say("Dùng DATABASE_URL, không tự chạy gì.", "DATABASE_URL is used; nothing is started.")
        return 0
    place = layout.of(homes.default())
    major, chosen = place.major, False
    for candidate in binaries.candidates(place, unpack=False):
        found = candidate.binaries
        fits = found is not None and major in (None, found.major)
        if found is None:
            verdict = candidate.why_not or Words("?", "?")
        elif not fits:
            verdict = Words(f"dữ liệu thuộc bản {major}", f"the data belong to {major}")
        elif chosen:
            verdict = Words("dùng được, không cần tới", "works, not needed")
        else:
            verdict, chosen = Words("ĐƯỢC CHỌN", "CHOSEN"), True
        version = found.version if found else "-"
        print(f"{version:8} {candidate.source:8} {candidate.folder}: {verdict}")
    if not chosen and not os.environ.get("XASO_PG_BIN") and bundled.wheel_file():
        say("Lúc chạy sẽ bung bản kèm theo.", "At a start the bundled one is unpacked.")
        return 0
    return 0 if chosen else 1


def stop(_options: argparse.Namespace) -> int:
    """Stop the private server."""
    if postgres.stop(homes.default()):
        say("Đã dừng cơ sở dữ liệu.", "The database is stopped.")
    else:
        say("Cơ sở dữ liệu không chạy.", "The database was not running.")
    return 0


def dump(options: argparse.Namespace) -> int:
    """Write the whole database to a file in pg_dump's custom format."""
    home = homes.default()
    running = postgres.ensure(home)
    fresh = options.file.with_name(options.file.name + ".part")
    tools.run(home, running, "pg_dump", "-Fc", "-f", str(fresh), "-d", tools.backup_url(running))
    fresh.replace(options.file)
    _leave(home, running)
    say(f"Đã xuất ra {options.file}.", f"Written to {options.file}.")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Load a dump into an empty database; refuses one that already has tables."""
    home = homes.default()
    running = postgres.ensure(home)
    restoring.load(home, running, options.file)
    _leave(home, running)
    say(f"Đã nạp {options.file}.", f"Loaded {options.file}.")
    return 0


def upgrade(_options: argparse.Namespace) -> int:
    """Move the cluster to the newest PostgreSQL here by dump and load; the old data are kept."""
    home = homes.default()
    place = layout.of(home)
    old = place.major
    newest = max(
        (c.binaries for c in binaries.candidates(place) if c.binaries),
        key=lambda found: found.major,
        default=None,
    )
    if old is None or newest is None or newest.major <= old:
        say("Không có bản mới hơn để chuyển sang.", "There is no newer version to move to.")
        return 0
    running = postgres.ensure(home)
    file = place.pg / f"upgrade-{old}-{newest.major}-{time.strftime('%Y%m%d%H%M%S')}.dump"
    with psycopg.connect(tools.admin_url(running), autocommit=True) as connection:
        before = counting.rows(connection)
    newer = Running(**{**vars(running), "binaries": str(newest.folder)})
    tools.run(home, newer, "pg_dump", "-Fc", "-f", str(file), "-d", tools.backup_url(running))
    postgres.stop(home)
    kept = place.data.rename(place.pg / f"data.{old}")
    os.environ["XASO_PG_BIN"] = str(newest.folder)
    running = postgres.ensure(home)
    restoring.load(home, running, file)
    with psycopg.connect(tools.admin_url(running), autocommit=True) as connection:
        counting.refuse_difference(before, counting.rows(connection))
    postgres.stop(home)
    file.unlink()
    say(
        f"Đã chuyển từ PostgreSQL {old} sang {newest.version}. Dữ liệu cũ còn ở {kept}; "
        "khi đã yên tâm thì xoá.",
        f"Moved from PostgreSQL {old} to {newest.version}. The old data are kept at {kept}; "
        "remove them when you are content.",
    )
    return 0


def _outside(home: Path) -> Running:
    """Return the server DATABASE_URL names."""
    return postgres.ensure(home)


def _leave(home: Path, running: Running) -> None:
    """Stop the server again when only this command had started it."""
    if running.started_by_us:
        postgres.stop(home)
