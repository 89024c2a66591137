"""Take an upload to disk while hashing it, so that nothing half-written is ever used.

Bytes go to a new file beside their later place; only when all are there, and on the disk, is the
file renamed. Whatever goes wrong before, the new file is removed.
"""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Literal
from uuid import UUID

from django.conf import settings

from xaso.kernel import disk
from xaso.kernel.attachments.refusals import EmptyFile, NoSpace, TooBig

_CHUNK = 256 * 1024
_FULL = disk.FULL_ERRORS | {errno.EFBIG}
_MB = 1024 * 1024

Upload = BinaryIO | bytes


@dataclass(frozen=True)
class Key:
    """Where a file lies: its commune, its shelf, its hash.

    What people gave and what we made of it lie on shelves apart: dropping an upload must not take
    the same bytes from a picture we show (people send back what they saved from our pages).
    """

    commune: UUID
    sha256: str  # 64 hex
    shelf: Literal["given", "made"] = "given"

    @property
    def path(self) -> str:
        """Return the place, relative to the root of the store."""
        return f"{self.commune}/{self.shelf}/{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


@dataclass(frozen=True)
class Received:
    """A whole file on the disk that belongs to nobody yet."""

    path: Path
    sha256: str
    bytes: int


def root() -> Path:
    """Return the folder of all files of this installation."""
    return settings.XASO_HOME / "files"


@contextmanager
def spared() -> Iterator[None]:
    """Turn a full disk into a refusal."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoSpace from error
        raise


@contextmanager
def received(upload: Upload, *, limit: int, is_ours: bool = False) -> Iterator[Received]:
    """Yield the upload as a file of its own; it is gone afterwards unless a store took it.

    `limit` in bytes; what is larger is refused before more of it is read. On a disk that is nearly
    full only what we made ourselves (`is_ours`) is taken.
    Refuses with EmptyFile, TooBig, NoSpace.
    """
    if not is_ours:
        refuse_uploads_when_full()
    announced = len(upload) if isinstance(upload, bytes) else getattr(upload, "size", None)
    if announced is not None and announced > limit:
        raise TooBig(megabytes=limit // _MB)
    with spared():
        folder = root() / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with spared(), os.fdopen(handle, "wb") as file:
            sha256, size = _copied(upload, file, limit)
            file.flush()
            os.fsync(file.fileno())
        yield Received(path, sha256, size)
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def refuse_uploads_when_full() -> None:
    """Refuse with NoSpace while the fullest disk takes no more uploads."""
    if not settings.XASO_DISK_GUARD:
        return
    if disk.fullest(settings.XASO_HOME).level >= disk.Level.NO_UPLOADS:
        raise NoSpace


def sweep(older_than: timedelta) -> int:
    """Remove uploads that a killed process left behind; return how many."""
    before, removed = time.time() - older_than.total_seconds(), 0
    for file in (root() / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()
                removed += 1
    return removed


def _copied(upload: Upload, file: BinaryIO, limit: int) -> tuple[str, int]:
    """Copy chunk by chunk; return hash and size."""
    seen, size = hashlib.sha256(), 0
    for chunk in chunks(upload):
        size += len(chunk)
        if size > limit:
            raise TooBig(megabytes=limit // _MB)
        seen.update(chunk)
        file.write(chunk)
    if not size:
        raise EmptyFile
    return seen.hexdigest(), size


def chunks(upload: Upload) -> Iterator[bytes]:
    """Yield the bytes of an upload from its start, piece by piece."""
    if isinstance(upload, bytes):
        yield upload
        return
    if upload.seekable():
        upload.seek(0)
    while chunk := upload.read(_CHUNK):
        yield chunk
