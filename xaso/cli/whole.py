"""Files written whole or not at all: a full disk, or a kill, never leaves half of one."""

import os
from contextlib import suppress
from pathlib import Path


def write(file: Path, text: str, *, mode: int = 0o600) -> bool:
    """Put a text into a file in one move; False when it held that text already.

    Raises OSError when there is no room; the file then is as it was before.
    """
    with suppress(FileNotFoundError):
        if file.read_text(encoding="utf-8") == text:
            return False
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(mode)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return True
