"""Write a backup: database, files and a manifest that says what must come back.

A backup is one folder: `database.dump` (pg_dump's custom format), `files.tar` (attachments by
content hash) and `manifest.json`. With recipients both parts are encrypted (age). The keys of the
installation are never part of it: whoever finds a backup must not find the keys beside it.
"""

import hashlib
import json
import tarfile
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pyrage  # type: ignore[import-untyped]

import xaso
from xaso.cli import freshness
from xaso.cli.copies import counting
from xaso.cli.postgres import Running, tools
from xaso.cli.words import Trouble

DATABASE, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
SEALED = ".age"


def write(home: Path, running: Running, into: Path, recipients: list[str]) -> Path:
    """Write a backup below a folder and return its own folder; nothing half-written remains."""
    keys = _recipients(recipients)
    into.mkdir(parents=True, exist_ok=True)
    work = _claimed(into, datetime.now(UTC).strftime("xaso-%Y%m%d-%H%M%SZ"))
    try:
        facts = _dump(home, running, work / DATABASE)
        _pack(home / "files", work / FILES)
        parts = [_finish(work / part, keys) for part in (DATABASE, FILES)]
        facts["parts"] = {file.name: _described(file) for file in parts}
        facts["encrypted"] = bool(keys)
        (work / MANIFEST).write_text(json.dumps(facts, ensure_ascii=False, indent=1))
        return work.rename(work.with_suffix(""))
    except BaseException:
        for file in work.glob("*"):
            file.unlink()
        work.rmdir()
        raise


def _claimed(into: Path, name: str) -> Path:
    """Return a new folder to write in; two backups of one second are told apart by a number."""
    for attempt in count(1):
        own = name if attempt == 1 else f"{name}-{attempt}"
        work = into / f"{own}.part"
        with suppress(FileExistsError):
            work.mkdir(mode=0o700)  # nobody else takes this name from here on
            if not (into / own).exists():
                return work
            work.rmdir()
    raise AssertionError("count() does not end")


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _dump(home: Path, running: Running, file: Path) -> dict[str, Any]:
    """Dump the database and count its rows in one and the same snapshot."""
    url = tools.backup_url(running)
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        row = connection.execute("SELECT pg_export_snapshot(), now()").fetchone()
        if row is None:
            raise Trouble("Không chụp được dữ liệu.", "No snapshot of the data.")
        options = ("-Fc", f"--snapshot={row[0]}", "-f", str(file), "-d", url)
        tools.run(home, running, "pg_dump", *options)
        rows = counting.rows(connection)
    return {
        "made_by": f"xaso {xaso.__version__}",
        "at": row[1].isoformat(),
        "postgresql": running.version,
        "tables": freshness.tables_digest(),
        "rows": rows,
    }


def _pack(folder: Path, file: Path) -> None:
    """Pack the attachments; they are written once and never changed, so no lock is needed."""
    with tarfile.open(file, "w") as archive:
        if folder.is_dir():
            archive.add(folder, arcname="files")


def _finish(file: Path, keys: list[Any]) -> Path:
    """Encrypt a part when there are recipients; the plain one is removed."""
    if not keys:
        return file
    sealed = file.with_name(file.name + SEALED)
    pyrage.encrypt_file(str(file), str(sealed), keys)
    file.unlink()
    return sealed


def _described(file: Path) -> dict[str, Any]:
    """Describe a part for the manifest."""
    return {"bytes": file.stat().st_size, "sha256": digest(file)}


def _recipients(given: list[str]) -> list[Any]:
    """Read age recipients (`age1…`); refuses what is none."""
    try:
        return [pyrage.x25519.Recipient.from_str(text) for text in given]
    except pyrage.RecipientError:
        raise Trouble(
            "Người nhận mã hoá phải có dạng age1… (tạo bằng age-keygen).",
            "A recipient must look like age1… (made by age-keygen).",
        ) from None
