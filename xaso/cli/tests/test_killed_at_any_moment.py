"""kill -9 of any process, again and again, while residents send: nothing lost, nothing doubled.

The long variant (`make chaos`) kills fifty times and prints what it saw.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from xaso.cli.tests.conftest import PLACE, copy_of, pid_of, sweep
from xaso.cli.tests.installation import Installation, children, is_alive
from xaso.cli.tests.residents import Resident, compare, crowd

pytestmark = [pytest.mark.cluster, pytest.mark.chaos]
HEALED_WITHIN = 90
WRITERS = 6


class Killer:
    """Knows every process of an installation and kills what it is told to."""

    def __init__(self, here: Installation, die: random.Random) -> None:
        self.die = die
        self.here, self.done, self.healing = here, Counter(), {}

    def targets(self) -> dict[str, int]:
        """Return a living process of each kind."""
        found = dict(self.here.pids())
        if workers := children(found.get("web", 0)):
            found["web worker"] = self.die.choice(workers)
        found["supervisor"] = self.here.process.pid
        with suppress(AssertionError):
            found["postmaster"] = pid_of(self.here.home)
            if backends := children(found["postmaster"]):
                found["backend"] = self.die.choice(backends)
        return {name: pid for name, pid in found.items() if is_alive(pid)}

    def kill(self, name: str) -> None:
        """Kill one and wait until everything is well again, as a service manager would help."""
        while name not in (targets := self.targets()):
            time.sleep(0.1)
        with suppress(ProcessLookupError):
            os.kill(targets[name], signal.SIGKILL)
        self.done[name] += 1
        began = time.monotonic()
        time.sleep(0.3)
        self.until_well(name, targets[name])
        self.healing[name] = max(self.healing.get(name, 0.0), time.monotonic() - began)

    def until_well(self, name: str, killed: int) -> None:
        deadline = time.monotonic() + HEALED_WITHIN
        while killed in self.here.pids().values() or not self.here.is_well():
            if self.here.process.poll() is not None:
                self.here.launch()
            assert time.monotonic() < deadline, f"{name}: {self.here.said.read_text()[-3000:]}"
            time.sleep(0.1)


KINDS = ("web", "web worker", "worker", "live", "postmaster", "backend", "supervisor")


@pytest.fixture
def town(demo_home):
    here = Installation(copy_of(demo_home, PLACE / "killed"), XASO_WORKERS="2")
    here.start("demo", "--size", "tiny")
    yield here
    here.close()
    sweep(here.home)


@pytest.mark.parametrize(
    "kills", [7, pytest.param(50, marks=pytest.mark.skipif("not os.environ.get('XASO_CHAOS')"))]
)
def test_nothing_acknowledged_is_lost_or_doubled(town, kills, capsys):
    die = random.Random(kills)  # noqa: S311  # repeatable
    killer = Killer(town, die)
    with crowd(town, WRITERS) as residents:
        for n in range(kills):
            killer.kill(KINDS[n] if n < len(KINDS) else die.choice(KINDS))
            time.sleep(die.random())
    seen = compare(town, residents)
    tell(capsys, killer, residents, seen)
    assert killer.done.total() == kills
    assert (seen["lost"], seen["doubled"], seen["photos lost"]) == (0, 0, 0)
    assert all(resident.acknowledged for resident in residents)
    whole_again(town)


def whole_again(town: Installation) -> None:
    """Every process is back, each once, and none of an earlier life remains."""
    town.until_well(HEALED_WITHIN)
    for pid in town.processes():
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        assert parent != 1, Path(f"/proc/{pid}/cmdline").read_bytes()
    assert town.xaso("audit", "verify").returncode == 0


def tell(capsys, killer: Killer, residents: list[Resident], seen: dict[str, int]) -> None:
    """Print what happened, for the long variant's reader."""
    answers = sum((resident.answers for resident in residents), Counter())
    with capsys.disabled():
        print(f"\nkilled: {killer.done.total()}, {dict(killer.done)}")
        print("slowest healing, s:", {n: round(s, 1) for n, s in killer.healing.items()})
        print("answers (0: none came):", dict(sorted(answers.items())))
        print("outcome:", seen)
