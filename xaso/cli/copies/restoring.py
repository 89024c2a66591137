"""Bring a backup back into an empty data home, and prove that everything came."""

import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pyrage  # type: ignore[import-untyped]

from xaso.cli.copies import counting
from xaso.cli.copies.writing import DATABASE, FILES, MANIFEST, SEALED, digest
from xaso.cli.postgres import Running, tools
from xaso.cli.words import Trouble


def manifest(backup: Path) -> dict[str, Any]:
    """Read a backup's manifest and check every part against it; refuses a damaged backup."""
    file = backup / MANIFEST
    if not file.exists():
        raise Trouble(f"{backup} không phải bản sao lưu.", f"{backup} is no backup.")
    facts: dict[str, Any] = json.loads(file.read_text())
    for name, described in facts["parts"].items():
        part = backup / name
        if not part.exists() or digest(part) != described["sha256"]:
            raise Trouble(
                f"Tệp {part} thiếu hoặc đã bị thay đổi: bản sao lưu này không dùng được.",
                f"The file {part} is missing or was changed: this backup cannot be used.",
            )
    return facts


def restore(home: Path, running: Running, backup: Path, identity: Path | None) -> dict[str, Any]:
    """Load database and files; returns the manifest. Refuses a home that is not empty."""
    facts = manifest(backup)
    files = home / "files"
    if files.is_dir() and any(files.iterdir()):
        raise Trouble(
            f"{files} đã có tệp: chỉ phục hồi vào nơi còn trống (XASO_HOME khác).",
            f"{files} holds files: restore into an empty home (another XASO_HOME).",
        )
    with tempfile.TemporaryDirectory(dir=home, prefix="restore-") as folder:
        opened = [_open(backup, name, Path(folder), identity) for name in (DATABASE, FILES)]
        load(home, running, opened[0])
        _compare(running, facts)
        _unpack(opened[1], home, Path(folder))
    return facts


def load(home: Path, running: Running, file: Path) -> None:
    """Load a dump in one transaction, all or nothing; refuses a database with tables."""
    url = tools.admin_url(running)
    with psycopg.connect(url, autocommit=True) as connection:
        if counting.tables(connection):
            raise Trouble(
                "Cơ sở dữ liệu đã có bảng: chỉ nạp vào nơi còn trống (XASO_HOME khác).",
                "The database has tables already: load into an empty one (another XASO_HOME).",
            )
    options = ("--exit-on-error", "--single-transaction", "-d", url)
    tools.run(home, running, "pg_restore", *options, str(file))


def _compare(running: Running, facts: dict[str, Any]) -> None:
    """Compare the rows that came with those the manifest promises."""
    with psycopg.connect(tools.admin_url(running), autocommit=True) as connection:
        counting.refuse_difference(facts["rows"], counting.rows(connection))


def _open(backup: Path, name: str, folder: Path, identity: Path | None) -> Path:
    """Return a readable part, decrypted into a working folder when it is sealed."""
    sealed = backup / (name + SEALED)
    if not sealed.exists():
        return backup / name
    if identity is None:
        raise Trouble(
            "Bản sao lưu đã mã hoá: cần --identity TỆP (khoá age).",
            "The backup is encrypted: --identity FILE (an age key) is needed.",
        )
    lines = identity.read_text().splitlines()
    secrets = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in secrets]
        pyrage.decrypt_file(str(sealed), str(folder / name), keys)
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise Trouble(
            f"Khoá {identity} không mở được bản sao lưu này.",
            f"The key {identity} does not open this backup.",
        ) from None
    return folder / name


def _unpack(archive: Path, home: Path, folder: Path) -> None:
    """Unpack the attachments beside their place and move them there in one step."""
    fresh = folder / "unpacked"
    with tarfile.open(archive) as packed:
        for member in packed:
            _take(packed, member, fresh)
    if (fresh / "files").is_dir():
        shutil.rmtree(home / "files", ignore_errors=True)
        (fresh / "files").rename(home / "files")


def _take(packed: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """Take one folder or plain file; refuses links, devices and names that lead elsewhere.

    By hand, because Debian 12's Python has no extraction filter yet.
    """
    target = into / member.name
    content = packed.extractfile(member) if member.isfile() else None
    leads_out = ".." in target.parts or target.parts[: len(into.parts)] != into.parts
    if leads_out or not (content or member.isdir()):
        raise Trouble(
            f"Bản sao lưu chứa tệp lạ ({member.name}): không dùng.",
            f"The backup holds a strange file ({member.name}): it is not used.",
        )
    (target if content is None else target.parent).mkdir(parents=True, exist_ok=True)
    if content is not None:
        with content, target.open("wb") as stream:
            shutil.copyfileobj(content, stream)
        target.chmod(member.mode & 0o755)
