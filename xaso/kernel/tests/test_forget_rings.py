"""A long-lived process leaves the program itself out of the search for forgotten objects."""

import subprocess
import sys

_PROGRAM = """
import gc, weakref
from xaso.kernel import memory

class Ring:
    pass

memory.settle()
print(gc.get_freeze_count() > 1_000)
ring = Ring()
ring.itself = ring
seen = weakref.ref(ring)
del ring
made = [[] for _ in range(gc.get_threshold()[0] + 1)]
print(seen() is None)
"""


def test_what_is_loaded_is_set_apart_and_rings_made_later_still_go() -> None:
    command = [sys.executable, "-c", _PROGRAM]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert said.split() == ["True", "True"]
