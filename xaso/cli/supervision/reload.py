"""Notice that a source file changed, for developers."""

import time
from pathlib import Path

import xaso

EVERY = 1.0
KINDS = {".py", ".html", ".css", ".js", ".mo"}


class Watch:
    """The newest time of all source files, looked at once a second."""

    def __init__(self) -> None:
        """Remember how things are."""
        self._folder = Path(xaso.__file__).resolve().parent
        self._seen = self._state()
        self._next = 0.0

    def changed(self) -> bool:
        """Whether a file was changed, added or removed since the last call."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + EVERY
        seen, self._seen = self._seen, self._state()
        return seen != self._seen

    def _state(self) -> tuple[int, float]:
        """Return number of source files and time of the newest."""
        times = [
            file.stat().st_mtime
            for file in self._folder.rglob("*")
            if file.suffix in KINDS and file.is_file()
        ]
        return len(times), max(times, default=0.0)
