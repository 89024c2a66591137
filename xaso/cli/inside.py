"""Tasks that need Django, each run as a process of its own: `python -m xaso.cli.inside <task>`.

The command line itself stays outside Django: it starts in a tenth of a second, and it must be able
to speak when the settings cannot be loaded.
"""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import django
import psycopg
from django.core.management import call_command

from xaso.cli import filling, freshness
from xaso.cli.words import Trouble

ONE_AT_A_TIME = 0x7861736F  # the advisory lock of migrations: "xaso"


def migrate() -> None:
    """Bring the tables up to date as their owner; a second migrator waits for the first."""
    owner = os.environ["DATABASE_OWNER_URL"]
    os.environ["DATABASE_URL"] = owner
    os.environ["XASO_POOL"] = "0"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        django.setup()
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        freshness.note_tables(connection)


def static() -> None:
    """Collect and compress the files that browsers fetch."""
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    freshness.note_static(Path(os.environ["XASO_HOME"]))


def fill(size: str, seed: str) -> None:
    """Load the demo communes."""
    django.setup()
    filling.fill(Path(os.environ["XASO_HOME"]), size=size, seed=int(seed))


def worker() -> None:
    """Run background jobs until told to stop; refuses a role that could see past its commune."""
    from xaso.kernel.jobs import worker as jobs  # noqa: PLC0415  # light until it runs

    sys.excepthook = _one_line
    jobs.run()


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ended the process as one JSON line like all others."""
    logging.getLogger("xaso.cli").critical("worker ended", exc_info=(kind, error, trace))


TASKS: dict[str, Callable[..., None]] = {
    "migrate": migrate,
    "static": static,
    "fill": fill,
    "worker": worker,
}


def main(arguments: list[str]) -> int:
    """Run one task by name with its arguments."""
    task, *rest = arguments
    try:
        TASKS[task](*rest)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
