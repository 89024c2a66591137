"""The worker process: does jobs, puts periodic ones off, gives back what a dead worker held.

Started by the supervisor; `python -m xaso.kernel.jobs.worker` does the same by hand. Lives through
a restart of the database.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from croniter import croniter  # type: ignore[import-untyped]

_HEARTBEAT = 5.0  # seconds between signs of life
_STALLED = float(os.environ.get("XASO_STALLED_AFTER", "30"))
_HEALTH = 5.0
_PAUSES = (1.0, 2.0, 5.0, 10.0)
_SLOW = ("slow", "nightly")
QUEUES = ("critical", "default", *_SLOW)
_log = logging.getLogger("xaso.jobs")


def run(queues: Sequence[str] = QUEUES, concurrency: int = 4) -> None:
    """Do jobs until told to stop (SIGTERM, SIGINT: running jobs are finished first).

    Slow queues get one hand of their own, so that a pile of pictures never holds back a warning.
    Refuses to start with a database role that could see past its commune.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    os.environ["XASO_POOL"] = str(concurrency + 2)
    django.setup()
    from django.utils.module_loading import autodiscover_modules  # noqa: PLC0415

    from xaso.kernel import memory  # noqa: PLC0415
    from xaso.kernel.tenancy import queries as tenancy  # noqa: PLC0415

    tenancy.refuse_wrong_role()
    autodiscover_modules("tasks", "actions")
    _announce_periodic()
    memory.settle()
    asyncio.run(_until_stopped(_hands(queues, concurrency)))


def _hands(queues: Sequence[str], concurrency: int) -> list[tuple[list[str], int]]:
    """Return which queues are worked off together, and by how many hands."""
    slow = [queue for queue in queues if queue in _SLOW]
    quick = [queue for queue in queues if queue not in _SLOW]
    shares = [(quick, max(1, concurrency - 1 if slow else concurrency)), (slow, 1)]
    return [(names, hands) for names, hands in shares if names]


def _announce_periodic() -> None:
    """Tell procrastinate what runs by the clock, in Vietnamese time."""
    from procrastinate.contrib.django import app  # noqa: PLC0415

    from xaso.kernel.jobs import registry  # noqa: PLC0415

    for name, cron in registry.PERIODIC.items():
        known: object = app.periodic_registry.register_task(
            task=app.tasks[name],
            cron=cron,
            periodic_id=name,
            configure_kwargs={"queueing_lock": f"/{name}/by the clock"},
        )
        vars(known)["croniter"] = local_cron(cron)


def local_cron(line: str) -> croniter:
    """Return a cron line that counts in Vietnamese time."""
    return croniter(line, datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")))


async def _until_stopped(hands: list[tuple[list[str], int]]) -> None:
    """Work; after an outage of the database begin again."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    ended = threading.Event()
    threads = [
        threading.Thread(target=_beat, args=(*beat, ended), daemon=True) for beat in _beats()
    ]
    for thread in threads:
        thread.start()
    failures = 0
    while not stop.is_set():
        began = loop.time()
        await _work(hands, stop)
        failures = 0 if loop.time() - began > 60 else failures + 1
        if not stop.is_set():
            pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
            await _first_of(stop.wait(), asyncio.sleep(pause))
    ended.set()
    for thread in threads:
        await asyncio.to_thread(thread.join, 5)


async def _work(hands: list[tuple[list[str], int]], stop: asyncio.Event) -> None:
    """Run procrastinate's workers until one fails or we are told to stop."""
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415
    from procrastinate.psycopg_connector import PsycopgConnector  # noqa: PLC0415

    connector = PsycopgConnector(
        kwargs=connector_params(), min_size=1, max_size=len(hands) + 3, name="jobs"
    )
    try:
        with app.replace_connector(connector) as own:
            async with own.open_async():
                workers = [
                    asyncio.create_task(
                        own.run_worker_async(
                            queues=queues,
                            concurrency=count,
                            install_signal_handlers=False,
                            update_heartbeat_interval=_HEARTBEAT,
                            stalled_worker_timeout=_STALLED,
                        )
                    )
                    for queues, count in hands
                ]
                await _first_of(stop.wait(), *workers)
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
    except Exception as error:  # noqa: BLE001 - an outage: said, then tried again
        _log.warning("worker lost the database: %s", type(error).__name__)


async def _first_of(*waits: Awaitable[object]) -> None:
    """Wait until one is done; stop waiting for helpers that are no tasks of the caller."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task, wait in zip(tasks, waits, strict=True):
        if task is not wait:
            task.cancel()


def _beats() -> list[tuple[str, Callable[[], object], float]]:
    """Return what is done again and again beside the jobs: name, function, seconds between."""
    from django.conf import settings  # noqa: PLC0415
    from django.utils.module_loading import import_string  # noqa: PLC0415

    from xaso.kernel.jobs import actions  # noqa: PLC0415

    folder = Path(settings.XASO_HOME) / "run" / "health"
    own: list[tuple[str, Callable[[], object], float]] = [
        (path, import_string(path), seconds) for path, seconds in settings.XASO_BEATS.items()
    ]
    stalled = ("stalled jobs", lambda: actions.give_back_stalled(_STALLED), _STALLED / 3)
    return [*own, stalled, ("health", lambda: _write_health(folder), _HEALTH)]


def _beat(
    name: str, function: Callable[[], object], seconds: float, ended: threading.Event
) -> None:
    """Call a function again and again; an outage is said once and lived through."""
    from django.db import connection  # noqa: PLC0415

    was_well = True
    while not ended.is_set():
        try:
            function()
            was_well = True
        except Exception as error:  # noqa: BLE001 - the next beat may work
            if was_well:
                _log.warning("%s failed: %s", name, type(error).__name__)
            was_well = False
        finally:
            connection.close()
        ended.wait(seconds)


def _write_health(folder: Path) -> None:
    """Say that the process lives and the database answers it."""
    from xaso.kernel.jobs import queries  # noqa: PLC0415

    facts: dict[str, object] = {
        "own": True,
        "pid": os.getpid(),
        "at": datetime.now(UTC).isoformat(),
    }
    try:
        facts |= {"ok": True, "oldest_waiting": queries.oldest_waiting()}
    except Exception as error:
        facts |= {"ok": False, "said": type(error).__name__}
        raise
    finally:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "worker.fresh"
        fresh.write_text(json.dumps(facts), encoding="utf-8")
        fresh.replace(folder / "worker.json")


if __name__ == "__main__":
    run(sys.argv[1].split(",") if sys.argv[1:] else QUEUES)
