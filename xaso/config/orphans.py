"""A web worker ends with the process that started it: an orphan would go on serving."""

import ctypes
import multiprocessing
import os
import signal
import sys

_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def end_with_parent() -> None:
    """Have the kernel kill this worker when its parent dies, however that happens (Linux).

    Does nothing in a process that no multiprocessing parent started. The parent may be gone before
    this is asked for: then it ends here.
    """
    parent = multiprocessing.parent_process()
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent.pid:
        os._exit(1)
