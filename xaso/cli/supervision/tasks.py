"""The processes of an installation, in the order they start."""

import sys
from pathlib import Path

from xaso.cli.running import Plan, inside
from xaso.cli.supervision.child import Task

THREADS = 32  # a body is read in its thread: few threads would let slow phones hold everybody

LOGS = str(Path(__file__).with_name("logging.json"))


def of(plan: Plan) -> list[Task]:
    """Return worker, live and web, as far as this edition has them."""
    return [_worker(), *_live(plan), _web(plan)]


def _worker() -> Task:
    """Background jobs."""
    return Task("worker", inside("worker"), grace=20.0)


def _live(plan: Plan) -> list[Task]:
    """Server-sent events, on the port after the pages'."""
    command = [sys.executable, "-m", "xaso.config.live", "--host", plan.host, "--log-config", LOGS]
    host, port = _own(plan.host), plan.port + 1
    return [Task("live", command, port, host, ceiling=256, grace=5.0)]


def _web(plan: Plan) -> Task:
    """Pages and APIs."""
    options = ["--interface", "wsgi", "--host", plan.host, "--port", str(plan.port), "--no-ws"]
    options += ["--workers", str(plan.workers), "--blocking-threads", str(THREADS)]
    options += ["--backlog", "1024", "--log-level", "error", "--log-config", LOGS]
    options += ["--respawn-failed-workers", "--workers-max-rss", "400"]
    options += ["--workers-kill-timeout", "8"]
    command = [sys.executable, "-m", "granian", *options, "xaso.config.wsgi:application"]
    return Task("web", command, plan.port, _own(plan.host), grace=12.0)


def _own(host: str) -> str:
    """Return the address by which this machine reaches what listens on a host."""
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
