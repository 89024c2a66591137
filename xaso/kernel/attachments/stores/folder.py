"""Files in a folder of this machine, by commune and content hash."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from xaso.kernel.attachments.stores.receiving import Key, root, spared


class Folder:
    """`files/<commune>/<shelf>/ab/cd/<sha256>` in the data home.

    One folder per commune: erasing a file here never takes it from another commune, and nobody
    can tell from the time of an upload whether another commune has the same file.
    """

    def keep(self, file: Path, key: Key) -> None:
        """Move a whole file to its place; the same bytes there already are replaced by themselves.

        Refuses with NoSpace.
        """
        place = root() / key.path
        with spared():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.replace(place)
            folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def open(self, key: Key) -> BinaryIO:
        """Return the file for reading; FileNotFoundError when it is not there."""
        return (root() / key.path).open("rb")

    def has(self, key: Key) -> bool:
        """Return whether the file is there."""
        return (root() / key.path).is_file()

    def drop(self, key: Key) -> None:
        """Remove the file, if it is there."""
        with suppress(FileNotFoundError):
            (root() / key.path).unlink()

    def uploads(self, commune: UUID, before: datetime) -> Iterator[str]:
        """Yield the hashes of what people gave to a commune before a moment."""
        for file in (root() / str(commune) / "given").glob("??/??/*"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before.timestamp():
                    yield file.name
