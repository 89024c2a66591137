"""backup, restore: what must never be lost, kept twice."""

import argparse
import os
import time
from pathlib import Path

from xaso.cli import home as homes
from xaso.cli import keys, postgres
from xaso.cli.copies import restoring, writing
from xaso.cli.parsing import Commands
from xaso.cli.postgres import binaries, layout
from xaso.cli.words import Words, say


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    backup_ = commands.add("backup", backup, "Sao lưu dữ liệu và tệp", "Back up data and files")
    where = Words("thư mục chứa bản sao lưu", "folder for backups")
    backup_.add_argument("--to", type=Path, help=str(where))
    recipient = Words("mã hoá cho người nhận age1… (lặp lại được)", "encrypt to age1… (repeat)")
    backup_.add_argument("--recipient", action="append", default=[], help=str(recipient))
    restore_ = commands.add("restore", restore, "Phục hồi bản sao lưu", "Restore a backup")
    restore_.add_argument("backup", type=Path)
    identity = Words("tệp khoá age để mở", "age key file that opens it")
    restore_.add_argument("--identity", type=Path, help=str(identity))


def backup(options: argparse.Namespace) -> int:
    """Write a backup; XASO_BACKUP_TO and XASO_BACKUP_RECIPIENTS stand in for the options."""
    home = homes.default()
    given = os.environ.get("XASO_BACKUP_TO")
    into = options.to or (Path(given) if given else home / "backups")
    recipients = options.recipient or os.environ.get("XASO_BACKUP_RECIPIENTS", "").split()
    running = postgres.ensure(home)
    began = time.monotonic()
    try:
        written = writing.write(home, running, into, recipients)
    finally:
        if running.started_by_us:
            postgres.stop(home)
    size = sum(file.stat().st_size for file in written.iterdir()) / 1_000_000
    spent = time.monotonic() - began
    say(
        f"Đã sao lưu vào {written} ({size:.1f} MB, {spent:.1f} giây).",
        f"Backed up to {written} ({size:.1f} MB, {spent:.1f} s).",
    )
    say(
        f"Khoá bí mật không nằm trong đó: hãy cất riêng một bản của {home / keys.FOLDER}.",
        f"The keys are not in it: keep a copy of {home / keys.FOLDER} elsewhere.",
    )
    return 0


def restore(options: argparse.Namespace) -> int:
    """Restore into an empty data home and say what was proven."""
    home = homes.default()
    _choose_programs(home, restoring.manifest(options.backup)["postgresql"])
    running = postgres.ensure(home)
    began = time.monotonic()
    try:
        facts = restoring.restore(home, running, options.backup, options.identity)
    finally:
        if running.started_by_us:
            postgres.stop(home)
    rows, spent = sum(facts["rows"].values()), time.monotonic() - began
    say(
        f"Đã phục hồi bản lúc {facts['at']}: {len(facts['rows'])} bảng, {rows} dòng, khớp cả "
        f"({spent:.1f} giây).",
        f"Restored the copy of {facts['at']}: {len(facts['rows'])} tables, {rows} rows, all "
        f"there ({spent:.1f} s).",
    )
    missing = keys.lacking(home)
    if missing:
        say(
            f"Hãy chép khoá đã cất vào {home / keys.FOLDER} trước khi chạy: {', '.join(missing)}.",
            f"Put your keys into {home / keys.FOLDER} before starting: {', '.join(missing)}.",
        )
    say("Nên chạy tiếp: xaso audit verify", "Next, please run: xaso audit verify")
    return 0


def _choose_programs(home: Path, version: str) -> None:
    """Have a new cluster made by programs that can read the backup: its own major or newer."""
    place = layout.of(home)
    if place.major is None and not os.environ.get("DATABASE_URL"):
        chosen = binaries.at_least(place, int(version.split(".", maxsplit=1)[0]))
        os.environ["XASO_PG_BIN"] = str(chosen.folder)
