"""Files that arrive in pieces: what came before a cut is kept for two days, and the rest follows.

A part lies in the data home under the name the sender's room gives it; it belongs to nobody until
it is whole and stored as an attachment. Who calls holds a lock on the row the file belongs to.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.refusals import TooBig
from xaso.kernel.attachments.stores.receiving import (
    chunks,
    refuse_uploads_when_full,
    root,
    spared,
)
from xaso.kernel.refusals import Refusal

KEPT = timedelta(hours=48)
_MB = 1024 * 1024


class Gap(Refusal):
    """The piece does not join on to what is here; `have` is how many bytes are."""

    sentence = _("Phần tệp này chưa nối được với phần đã có. Xin gửi tiếp từ chỗ máy chủ đã nhận.")
    status = 416

    def __init__(self, have: int) -> None:
        """Keep how much is here."""
        super().__init__()
        self.have = have


@dataclass(frozen=True)
class Part:
    """What is here of one file of a commune. `name` holds letters, digits and dashes only."""

    commune: UUID
    name: str

    @property
    def path(self) -> Path:
        """Return where the bytes lie."""
        return _folder() / str(self.commune) / self.name

    @property
    def have(self) -> int:
        """Return how many bytes are here."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, upload: BinaryIO | bytes, *, at: int, limit: int) -> int:
        """Write a piece that starts at byte `at`; return how many bytes are here now.

        Bytes sent again are written again. Refuses with Gap (the piece starts later than what is
        here ends), TooBig (more than `limit`), NoSpace.
        """
        have = self.have
        if at > have:
            raise Gap(have)
        refuse_uploads_when_full()
        with spared():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.path.open("r+b" if have else "wb") as file:
                file.seek(at)
                self._write(upload, file, limit)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
                return file.tell()

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open what is here for reading."""
        with self.path.open("rb") as file:
            yield file

    def drop(self) -> None:
        """Forget the part."""
        with suppress(FileNotFoundError):
            self.path.unlink()

    def _write(self, upload: BinaryIO | bytes, file: BinaryIO, limit: int) -> None:
        for chunk in chunks(upload):
            if file.tell() + len(chunk) > limit:
                raise TooBig(megabytes=limit // _MB)
            file.write(chunk)


def sweep(older_than: timedelta = KEPT) -> int:
    """Remove parts nobody went on with; return how many."""
    before, removed = time.time() - older_than.total_seconds(), 0
    for file in _folder().glob("*/*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()
                removed += 1
    return removed


def _folder() -> Path:
    return root() / "parts"
