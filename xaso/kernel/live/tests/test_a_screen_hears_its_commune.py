"""A screen hears what its commune commits, and nothing else."""

import http.client
import os
import subprocess
import sys
import time
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from xaso.kernel.live import actions, tokens
from xaso.kernel.live.hub import RING, Hub, Listener
from xaso.kernel.live.tokens import Pass

HERE, THERE = UUID(int=1), UUID(int=2)
KEY = "live: for tests only"
ORIGIN = "http://localhost:8000"


class Stream:
    """A browser's EventSource, by hand."""

    def __init__(self, port: int, given: Pass, **headers: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        token = tokens.sign(given, key=KEY)
        self.line.request("GET", f"/live?token={token}", headers={"Origin": ORIGIN, **headers})
        self.answer = self.line.getresponse()

    def frame(self) -> str:
        lines = []
        while (line := self.answer.readline().decode()) not in ("\n", ""):
            lines.append(line)
        return "".join(lines)

    def event(self) -> str:
        while "data:" not in (found := self.frame()) or "reload" in found:
            assert found, "the stream ended"
        return found


@pytest.fixture
def live(committed: str, free_ports, tmp_path):
    port = free_ports() + 1
    env = os.environ | {
        "DATABASE_URL": committed,
        "XASO_SECRET_KEY": KEY,
        "XASO_PORT": str(port - 1),
        "XASO_HOME": str(tmp_path),
        "XASO_HOSTS": "localhost",
    }
    process = subprocess.Popen([sys.executable, "-m", "xaso.config.live"], env=env)
    for _ in range(150):
        try:
            check = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            check.request("GET", "/live/health")
            if check.getresponse().status == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(10)


def wait_for(port: int, count: int) -> None:
    for _ in range(100):
        check = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        check.request("GET", "/live/health")
        if f'"connections": {count}'.encode() in check.getresponse().read():
            return
        time.sleep(0.05)
    raise AssertionError("the connections did not open")


def test_a_commit_is_heard_and_a_rollback_is_not(live: int) -> None:
    screen = Stream(live, Pass(HERE, frozenset({"reports"}), "w"))
    wait_for(live, 1)
    with transaction.atomic():
        actions.announce("reports", commune=HERE, payload={"id": 1})
        transaction.set_rollback(True)
    actions.announce("reports", commune=THERE, payload={"id": 2})
    actions.announce("other", commune=HERE, payload={"id": 3})
    actions.announce("reports", commune=HERE, payload={"id": 4})
    assert '"id": 4' in screen.event()


def test_who_comes_back_hears_what_was_missed(live: int) -> None:
    given = Pass(HERE, frozenset({"reports"}), "w")
    screen = Stream(live, given)
    wait_for(live, 1)
    actions.announce("reports", commune=HERE, payload={"id": 1})
    last = screen.event().split("\n")[0].removeprefix("id: ")
    actions.announce("reports", commune=HERE, payload={"id": 2})
    assert '"id": 2' in screen.event()
    assert '"id": 2' in Stream(live, given, **{"Last-Event-ID": last}).event()


def test_after_the_database_came_back_pages_are_told_to_reload(live: int) -> None:
    screen = Stream(live, Pass(HERE, frozenset({"reports"}), "w"))
    wait_for(live, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    while "reload" not in (found := screen.frame()):
        assert found
    wait_for(live, 1)


def test_a_stranger_hears_nothing(live: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", live, timeout=5)
    line.request("GET", "/live?token=abc.def")
    assert line.getresponse().status == 401


def test_only_our_own_pages_may_listen(live: int) -> None:
    given = Pass(HERE, frozenset(), "w")
    foreign = Stream(live, given, Origin="http://evil.example")
    assert foreign.answer.getheader("access-control-allow-origin") is None


@pytest.mark.parametrize("spoilt", ["", "x", "a.b", "é.é", "eyJ9.00"])
def test_a_spoilt_pass_is_refused(spoilt: str) -> None:
    with pytest.raises(tokens.BadPass):
        tokens.read(spoilt, key=KEY)


def test_a_pass_ends_after_a_minute() -> None:
    text = tokens.sign(Pass(HERE, frozenset({"a"}), "v"), key=KEY, now=1_000.0)
    assert tokens.read(text, key=KEY, now=1_059.0).commune == HERE
    with pytest.raises(tokens.BadPass):
        tokens.read(text, key=KEY, now=1_062.0)


def test_a_slow_screen_is_dropped_and_never_holds_the_others() -> None:
    hub = Hub()
    slow = Listener(Pass(HERE, frozenset({"a"}), "slow"))
    hub.listeners.add(slow)
    for _ in range(101):
        hub.publish(f'{{"c": "{HERE}", "t": "a", "p": {{}}}}')
    assert slow.is_dropped
    assert not hub.listeners


def test_too_long_away_means_reload() -> None:
    hub = Hub()
    for _ in range(RING + 5):
        hub.publish(f'{{"c": "{HERE}", "t": "a", "p": {{}}}}')
    there = Listener(Pass(HERE, frozenset({"a"}), "w"))
    assert next(hub.missed(there, f"{hub.name}-1")).startswith(b"event: reload")
    assert next(hub.missed(there, f"{uuid4().hex[:8]}-{RING}")).startswith(b"event: reload")
    assert len(list(hub.missed(there, f"{hub.name}-{RING}"))) == 5


def test_nonsense_from_the_database_is_left_out() -> None:
    hub = Hub()
    for text in ("", "[]", "{}", "{", '{"c": 1}'):
        hub.publish(text)
    assert hub.count == 0


@pytest.mark.django_db
def test_an_announcement_carries_keys_only() -> None:
    with pytest.raises(actions.TooLong):
        actions.announce("reports", commune=HERE, payload={"text": "x" * 8_000})
