"""What time it is: one function, so that demo data and tests can live on another day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC; or the moment set by `at`."""
    return _set.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run a block as if it were this aware moment."""
    if timezone.is_naive(moment):
        raise ValueError("The moment needs a time zone.")
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
