"""The tasks this program knows, by name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """What `later` has to know of a task without running it."""

    name: str
    queue: str
    retries: int
    of_commune: bool


TASKS: dict[str, Known] = {}
PERIODIC: dict[str, str] = {}  # task name → cron, in Vietnamese time
# Queues in the order of their weight: jobs of a heavier one are fetched first.
PRIORITY = {"critical": 20, "default": 10, "slow": 0, "nightly": -10}


class UnknownTask(LookupError):
    """No room registered a task of this name (is it in the room's tasks.py?)."""


class WithoutCommune(TypeError):
    """A task of a commune was put off or run without saying which one."""


def named(name: str) -> Known:
    """Return a task; refuses with UnknownTask."""
    if name not in TASKS:
        raise UnknownTask(name)
    return TASKS[name]
