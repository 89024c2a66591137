"""A fixed piece of work, to read the other figures by: how fast this machine was just now."""

import hashlib
import json
import time

from bench.table import Row, best

_ROUNDS = 7


def row() -> Row:
    """Return what the same small work cost in CPU time; twice the usual means half the machine."""
    return best(
        "yardstick: a fixed piece of work, CPU", [_work() for _ in range(_ROUNDS)], "ms", None
    )


def _work() -> float:
    began = time.process_time()
    for number in range(300):
        text = json.dumps({str(key): [key, number] for key in range(100)}, sort_keys=True)
        hashlib.sha256(text.encode()).hexdigest()
    return (time.process_time() - began) * 1000
