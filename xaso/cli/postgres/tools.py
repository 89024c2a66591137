"""pg_dump, pg_restore and psql against a running database of ours or somebody else's."""

import os
import subprocess
from pathlib import Path

from xaso.cli.postgres import Running, binaries, layout
from xaso.cli.words import Trouble


def command(home: Path, running: Running, program: str) -> tuple[list[str], dict[str, str]]:
    """Return command line and environment of one of PostgreSQL's client programs."""
    folder = Path(running.binaries or binaries.choose(layout.of(home)).folder)
    if not (folder / program).exists():
        raise Trouble(
            f"Không thấy chương trình {program} trong {folder}.",
            f"There is no program {program} in {folder}.",
        )
    kept = ("PATH", "TERM", "HOME", "LANG", "PAGER", "EDITOR", "PGPASSFILE")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return [str(folder / program)], environment | binaries.libraries(folder)


def run(home: Path, running: Running, program: str, *arguments: str) -> str:
    """Run a client program to its end; Trouble with what it said when it fails."""
    line, environment = command(home, running, program)
    done = subprocess.run(
        [*line, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise Trouble(f"{program} không xong:\n{said}", f"{program} failed:\n{said}")
    return done.stdout


def backup_url(running: Running) -> str:
    """Return the address by which a backup reads everything."""
    if running.socket is None:
        given = os.environ.get("DATABASE_BACKUP_URL", "")
        if not given:
            raise Trouble(
                "Cần DATABASE_BACKUP_URL (vai trò có BYPASSRLS) để sao lưu máy chủ ngoài.",
                "DATABASE_BACKUP_URL (a role with BYPASSRLS) is needed to back up that server.",
            )
        return given
    return running.app_url.replace("xaso_app@", "xaso_backup@", 1)


def admin_url(running: Running) -> str:
    """Return the address by which a restore writes everything."""
    return running.superuser_url or os.environ.get("DATABASE_BACKUP_URL") or running.owner_url
