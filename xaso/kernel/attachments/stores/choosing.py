"""Which store this installation uses."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings

from xaso.kernel.attachments.stores.folder import Folder
from xaso.kernel.attachments.stores.receiving import Key, received
from xaso.kernel.attachments.stores.s3 import S3


class Store(Protocol):
    """Keeps whole files by commune and content hash."""

    def keep(self, file: Path, key: Key) -> None:
        """Take a whole file."""

    def open(self, key: Key) -> BinaryIO:
        """Return a file for reading; FileNotFoundError when it is not there."""

    def has(self, key: Key) -> bool:
        """Return whether a file is there."""

    def drop(self, key: Key) -> None:
        """Remove a file, if it is there."""

    def uploads(self, commune: UUID, before: datetime) -> Iterator[str]:
        """Yield the hashes of what people gave to a commune before a moment."""


def store() -> Store:
    """Return the S3 store when settings name a bucket, else the folder of the data home."""
    return _made(bool(settings.XASO_S3["bucket"]))


def put(data: bytes, commune: UUID) -> str:
    """Keep bytes made here, on the shelf `made`, and return their hash. Refuses with NoSpace."""
    with received(data, limit=len(data), is_ours=True) as file:
        store().keep(file.path, Key(commune, file.sha256, "made"))
        return file.sha256


@lru_cache(maxsize=2)
def _made(is_s3: bool) -> Store:  # noqa: FBT001  (the cache's key)
    return S3() if is_s3 else Folder()
