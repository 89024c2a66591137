"""What is ours: data home, keys, database, its roles and tables, the running processes."""

import datetime
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from xaso.cli import freshness, keys, postgres
from xaso.cli import home as homes
from xaso.cli.doctor.finding import Finding, bad, good, note
from xaso.cli.postgres import Running, binaries, external, layout
from xaso.cli.running import Plan
from xaso.cli.words import Trouble, Words

OLD_BUILD = 270  # days: three quarterly minor releases missed
STALE = 60  # seconds after which a health file says nothing any more
SUPPORT = 2012  # a major version n is mended until November of 2012 + n
PROCESSES = ("worker", "live", "web", "database")


def examine(plan: Plan) -> Iterator[Finding]:
    """Look at everything that is ours."""
    yield _home(plan.home)
    yield from _keys(plan.home)
    try:
        yield from _database(plan.home)
    except (Trouble, psycopg.Error) as error:
        words = error.words if isinstance(error, Trouble) else Words(str(error), str(error))
        yield bad(words, Words("Xem `xaso db which`.", "See `xaso db which`."))
    yield from _processes(plan.home)


def _home(home: Path) -> Finding:
    """Look at the data home and whose it is."""
    owner = homes.owner_of(home)
    if owner not in (None, homes.checkout()):
        return bad(
            Words(f"{home} thuộc bản cài ở {owner}", f"{home} belongs to {owner}"),
            Words("Đặt XASO_HOME tới thư mục khác.", "Point XASO_HOME at another folder."),
        )
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        return bad(
            Words(f"Không ghi được vào {there}", f"{there} cannot be written"),
            Words("Đặt XASO_HOME tới nơi ghi được.", "Point XASO_HOME at a writable folder."),
        )
    return good(f"Thư mục dữ liệu {home}", f"Data home {home}")


def _keys(home: Path) -> Iterator[Finding]:
    """Look at the keys: present, and closed to others."""
    for file in keys.open_to_others(home):
        yield bad(
            Words(f"Người khác đọc được khoá {file}", f"Others can read the key {file}"),
            Words(f"chmod 600 {file}", f"chmod 600 {file}"),
        )
    lost = layout.of(home).major is not None and keys.lacking(home)
    if lost:
        cure = Words("Chép lại bản khoá đã cất.", "Put back the copy you keep.")
        names = ", ".join(lost)
        yield bad(Words(f"Mất khoá {names}", f"Lost keys: {names}"), cure)
    elif (home / keys.FOLDER).is_dir():
        yield good(f"Khoá bí mật trong {home / keys.FOLDER}", f"Keys in {home / keys.FOLDER}")


def _database(home: Path) -> Iterator[Finding]:
    """Look at the programs, the server, its version's age, roles and tables."""
    outside = os.environ.get("DATABASE_URL")
    if outside:
        version = external.check(outside)
        yield good(f"DATABASE_URL: PostgreSQL {version}", f"DATABASE_URL: PostgreSQL {version}")
        return
    place = layout.of(home)
    chosen = binaries.choose(place, major=place.major)
    yield good(f"PostgreSQL {chosen.version}: {chosen.folder}", f"PostgreSQL {chosen.version}")
    yield _age(chosen)
    server = postgres.running(home)
    if server is None:
        yield good("Cơ sở dữ liệu chưa chạy (sẽ tự chạy)", "The database is not running (it will)")
        return
    yield from _inside(server)


def _age(chosen: binaries.Binaries) -> Finding:
    """How old the programs are: security mending comes each quarter, for five years."""
    built = (chosen.folder / "postgres").stat().st_mtime
    days = int((time.time() - built) / 86_400)
    last = datetime.date(SUPPORT + chosen.major, 11, 30)
    words = Words(
        f"Bản dựng {days} ngày tuổi, được vá đến {last:%m/%Y}",
        f"Built {days} days ago, mended until {last:%m/%Y}",
    )
    mending = "install" if chosen.source == "bundled" else "upgrade"
    cure = Words(f"apt-get {mending} postgresql", f"apt-get {mending} postgresql")
    today = datetime.datetime.now(datetime.UTC).date()
    if today > last:
        return bad(words, Words("Chuyển bản mới: xaso db upgrade", "Move on: xaso db upgrade"))
    return note(words, cure) if days > OLD_BUILD else good(words.vi, words.en)


def _inside(server: Running) -> Iterator[Finding]:
    """Look at the roles of a running server and whether its tables match this program."""
    version = external.check(server.app_url)
    yield good(
        f"Cơ sở dữ liệu {version} chạy tốt, phân quyền đúng",
        f"The database {version} runs, its roles are as they must be",
    )
    if freshness.tables_are_fresh(server.owner_url):
        yield good("Bảng dữ liệu đúng với bản đang cài", "The tables match this version")
    else:
        yield note(
            Words("Bảng dữ liệu chưa theo bản đang cài", "The tables are of another version"),
            Words("xaso migrate", "xaso migrate"),
        )


def _processes(home: Path) -> Iterator[Finding]:
    """Read what the running processes last said of themselves."""
    for name in PROCESSES:
        file = home / "run" / "health" / f"{name}.json"
        if not file.exists():
            continue
        said = json.loads(file.read_text())
        age = time.time() - _moment(said["at"])
        if said["ok"] and (age < STALE or name == "database"):
            yield good(f"Tiến trình {name} chạy tốt", f"Process {name} is well")
        else:
            log = home / "log" / f"{name}.log"
            cure = Words(f"Xem {log} hoặc `xaso stop` rồi chạy lại.", f"See {log}, or restart.")
            yield bad(Words(f"Tiến trình {name} không khoẻ", f"Process {name} is unwell"), cure)


def _moment(at: str | float) -> float:
    """Return seconds since 1970 of a time written as ISO 8601 or as such seconds."""
    return datetime.datetime.fromisoformat(at).timestamp() if isinstance(at, str) else float(at)
