"""How full the disks are, and what that forbids: warn, then no uploads, then only reading.

A share alone says little on a large disk, so each step also asks how much room is left.
"""

import errno
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

GIGABYTE = 1024**3
FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})


class Level(IntEnum):
    """What a disk still allows."""

    FINE = 0
    WARNING = 1  # make room soon
    NO_UPLOADS = 2
    READ_ONLY = 3  # reading, signing in, and a resident's words


# from this share used on, while less than so many GB are free
STEPS = (
    (Level.READ_ONLY, 0.97, 5),
    (Level.NO_UPLOADS, 0.93, 10),
    (Level.WARNING, 0.85, 20),
)


@dataclass(frozen=True)
class Room:
    """A disk as it is now; shares as `df` counts them, what only root may use is not free."""

    folder: Path
    used: float  # 0 … 1
    free: int  # bytes

    @property
    def level(self) -> Level:
        """Return what this disk still allows."""
        for level, share, gigabytes in STEPS:
            if self.used >= share and self.free < gigabytes * GIGABYTE:
                return level
        return Level.FINE


def room(folder: Path) -> Room:
    """Return how a folder's disk is; the nearest parent's where the folder is not there yet."""
    there = next(f for f in (folder, *folder.parents) if f.exists())
    usage = shutil.disk_usage(there)
    return Room(there, usage.used / max(1, usage.used + usage.free), usage.free)


def fullest(home: Path) -> Room:
    """Return the fullest disk of a data home: its files, its database, wherever they lie."""
    return max((room(folder) for folder in set(_folders(home))), key=lambda r: (r.level, r.used))


def is_full(error: BaseException | None) -> bool:
    """Return whether an error says that a disk is full."""
    return isinstance(error, OSError) and error.errno in FULL_ERRORS


def _folders(home: Path) -> Iterable[Path]:
    yield from (home, home / "files", home / "pg")
    with suppress(OSError):  # root's cluster may lie apart: see the launcher's layout
        yield Path((home / "elsewhere").read_text(encoding="utf-8").strip()) / "pg"
