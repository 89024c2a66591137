"""What a process of ours is started with: addresses, keys, settings."""

import os
import socket
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from xaso.cli import home as homes
from xaso.cli.postgres import Running
from xaso.cli.words import Trouble

SETTINGS = "xaso.config.settings"


@dataclass(frozen=True)
class Plan:
    """How this start differs from another one."""

    home: Path
    host: str
    port: int
    workers: int
    demo: bool = False
    reload: bool = False

    @property
    def address(self) -> str:
        """Return the address people open."""
        name = "localhost" if self.host in {"127.0.0.1", "::1", "0.0.0.0"} else self.host  # noqa: S104
        return f"http://{name}:{self.port}"


def plan(*, demo: bool = False, reload: bool = False) -> Plan:
    """Read the plan from the environment: XASO_HOME, XASO_HOST, XASO_PORT, XASO_WORKERS."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    return Plan(
        home=homes.default(),
        host=os.environ.get("XASO_HOST", "127.0.0.1"),
        port=number("XASO_PORT", 8000),
        workers=number("XASO_WORKERS", max(1, min(cores, 2))),
        demo=demo,
        reload=reload,
    )


def number(name: str, default: int) -> int:
    """Read a whole number from the environment."""
    text = os.environ.get(name, "") or str(default)
    if not text.isdigit():
        raise Trouble(
            f"{name} phải là một số nguyên, hiện là {text!r}.",
            f"{name} must be a whole number; it is {text!r}.",
        )
    return int(text)


def environment(plan: Plan, database: Running) -> dict[str, str]:
    """Return the variables for our processes; what the person set wins, except the database."""
    ours = {
        "XASO_HOME": str(plan.home),
        "XASO_PORT": str(plan.port),
        "XASO_HOST": plan.host,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PYTHONUNBUFFERED": "1",
        # Threads come and go; without this limit glibc keeps an arena for each of them.
        "MALLOC_ARENA_MAX": "2",
    }
    if plan.demo:
        ours["XASO_DEMO"] = "1"
    fixed = {"XASO_HOME": str(plan.home), "DATABASE_URL": database.app_url}
    if database.owner_url:
        fixed["DATABASE_OWNER_URL"] = database.owner_url
    path = os.pathsep.join(filter(None, (str(homes.checkout()), os.environ.get("PYTHONPATH"))))
    return ours | dict(os.environ) | fixed | {"PYTHONPATH": path}


def inside(*arguments: str) -> list[str]:
    """Return the command line of one of our tasks that run inside Django."""
    return [sys.executable, "-m", "xaso.cli.inside", *arguments]


def refuse_busy_ports(plan: Plan) -> None:
    """Refuse when another program listens where the pages or the live stream should be."""
    for port in (plan.port, plan.port + 1):
        with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((plan.host, port))
            except OSError as error:
                raise PortBusy(port, error.strerror or str(error)) from None


class PortBusy(Trouble):
    """The port is taken by another program."""

    def __init__(self, port: int, why: str) -> None:
        """Word the sentence."""
        super().__init__(
            f"Cổng {port} không dùng được ({why}): có lẽ một chương trình khác đang chạy ở đó. "
            "Hãy dừng nó (`xaso stop`) hoặc chọn cổng khác, ví dụ XASO_PORT=8100.",
            f"Port {port} cannot be used ({why}): another program probably runs there. "
            "Stop it (`xaso stop`) or choose another port, for example XASO_PORT=8100.",
        )
