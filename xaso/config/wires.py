"""The connections of the pool, and a cheap look at whether one still lives.

Django asks the pool to check a connection before each request, with a statement that goes to the
server and back. A server that stopped, or ended our session, has closed the socket: that can be
seen without asking. Only a connection that lay idle is asked in full.
"""

import select
from time import monotonic
from typing import Any

from psycopg import Connection
from psycopg.cursor import Cursor
from psycopg.rows import TupleRow

_TRUSTED_SECONDS = 5.0  # a firewall that forgets a quiet connection needs longer


class Wire(Connection[TupleRow]):
    """A connection that knows when it was last used."""

    checked_at = 0.0

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Cursor[TupleRow]:  # noqa: ANN401
        """Run a statement; the pool's empty one (its health check) only where it is needed."""
        if query == "" and self._is_surely_there():
            return self.cursor()
        done = super().execute(query, *args, **kwargs)
        if query == "":
            self.checked_at = monotonic()
        return done

    def _is_surely_there(self) -> bool:
        """Return whether it was checked a moment ago and its socket holds nothing unread.

        A closed socket reads as its end, and a server that ends a session says so first.
        """
        if self.closed or monotonic() - self.checked_at > _TRUSTED_SECONDS:
            return False
        look = select.poll()
        look.register(self.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not look.poll(0)
