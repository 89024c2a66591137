"""What a killed supervisor left running: asked to end, waited for, ended."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 20.0  # seconds; their own grace is shorter


def clear(home: Path) -> list[str]:
    """End the processes that an earlier supervisor of this data home started; return their names.

    They were told to end when it died (the kernel does that) and finish what they do; only who
    holds on longer is killed, with all it started. The database is not among them: it is adopted.
    """
    left = {name: pid for name, pid in _noted(home).items() if _is_ours(pid, home)}
    for pid in left.values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(_is_ours(pid, home) for pid in left.values()) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left.values():
        if _is_ours(pid, home):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
    return sorted(left)


def _noted(home: Path) -> dict[str, int]:
    """Return the processes that the health files name."""
    found = {}
    for file in (home / "run" / "health").glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found[file.stem] = int(json.loads(file.read_text())["pid"])
    return found


def _is_ours(pid: int, home: Path) -> bool:
    """Whether a process lives, is no zombie and was started for this data home.

    A number may belong to somebody else by now: the environment tells. Where there is no /proc
    nothing is taken for ours.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (OSError, IndexError):
        return False
    return state != "Z" and b"XASO_HOME=" + os.fsencode(home) in given
