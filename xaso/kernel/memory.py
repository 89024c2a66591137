"""Python's search for rings of forgotten objects, for processes that live long.

It counts what is made and not yet let go, and every seventy thousand looks at all there is: the
program itself, half a million objects that never go, is most of that. A list of residents spent a
fifth of its time so.
"""

import gc

_BEFORE_A_LOOK = 20_000  # objects made; Python's own 700 is for small programs
_LOOKS = (20, 20)  # looks at the young before one at the older, and so on


def settle() -> None:
    """Set apart what has been loaded; call once, when a process has all its modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BEFORE_A_LOOK, *_LOOKS)
