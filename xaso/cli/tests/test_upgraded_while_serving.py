"""The system upgrades PostgreSQL under a running server: it moves over, nothing is lost."""

import shutil
import time
from itertools import pairwise
from pathlib import Path

import pytest

from xaso.cli.tests.conftest import PLACE, copy_of, pid_of, sweep
from xaso.cli.tests.installation import HEALED_WITHIN, Installation, is_alive
from xaso.cli.tests.residents import compare, crowd

pytestmark = [pytest.mark.cluster, pytest.mark.chaos]


@pytest.fixture
def town(bundled_bin, bundled_demo_home):
    """A demo on programs of its own, so that nobody else's are touched."""
    tree = PLACE / "programs"
    shutil.copytree(bundled_bin.parent, tree, symlinks=True)
    home = copy_of(bundled_demo_home, PLACE / "upgraded")
    here = Installation(home, XASO_PG_BIN=str(tree / "bin"))
    here.start("demo", "--size", "tiny")
    yield here
    here.close()
    sweep(home)
    shutil.rmtree(tree)


def replace(program: Path) -> None:
    """Put a new file in a program's place, as a package manager does."""
    fresh = program.with_suffix(".new")
    shutil.copy2(program, fresh)
    fresh.touch()
    fresh.replace(program)


def test_writers_go_on_after_the_programs_were_replaced(town, capsys):
    before, tree = pid_of(town.home), PLACE / "programs"
    with crowd(town, 4) as residents:
        until(lambda: all(len(r.acknowledged) > 5 for r in residents))
        replace(next(tree.rglob("plpgsql.so")))
        replace(tree / "bin" / "postgres")
        until(lambda: not is_alive(before))
        town.until_well(HEALED_WITHIN)
        known = {r.number: len(r.acknowledged) for r in residents}
        until(lambda: all(len(r.acknowledged) > known[r.number] + 3 for r in residents))
    seen = compare(town, residents)
    gap = max(late - early for r in residents for early, late in pairwise(r.times))
    with capsys.disabled():
        print(f"\nprograms replaced: {seen}; nothing acknowledged for at most {gap:.1f} s")
    assert (seen["lost"], seen["doubled"], seen["photos lost"]) == (0, 0, 0), seen
    assert is_alive(pid_of(town.home))


def until(what) -> None:
    deadline = time.monotonic() + HEALED_WITHIN
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)
