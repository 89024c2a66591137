"""The pool's connections are looked at before use, without asking the server each time."""

from collections.abc import Iterator

import psycopg
import pytest

from xaso.config.wires import Wire


@pytest.fixture
def wire(committed: str) -> Iterator[Wire]:
    with Wire.connect(committed, autocommit=True) as made:
        made.execute("")  # as the pool does before a request
        yield made


def test_a_connection_used_a_moment_ago_is_not_asked(wire: Wire, monkeypatch) -> None:
    asked = []
    real = psycopg.Connection.execute
    monkeypatch.setattr(
        psycopg.Connection, "execute", lambda self, *a, **k: asked.append(a) or real(self, *a, **k)
    )
    wire.execute("")
    assert asked == []
    wire.checked_at -= 60  # it lay idle
    wire.execute("")
    assert asked == [("",)]


def test_a_session_the_server_ended_is_noticed(wire: Wire, postgres_server) -> None:
    with psycopg.connect(postgres_server.running.superuser_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [wire.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        wire.execute("")


def test_other_statements_go_through(wire: Wire) -> None:
    assert wire.execute("SELECT 1").fetchone() == (1,)
