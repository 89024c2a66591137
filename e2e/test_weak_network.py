"""The weak network does to a transfer what it says, and nothing else."""

import hashlib
import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from e2e.weak_network import CUTS_ONE_IN_THREE, Fate, Link, weak_network

BODY = bytes(range(256)) * 400  # 102,400 bytes
BROKEN = (OSError, http.client.HTTPException)


class Echo(BaseHTTPRequestHandler):
    """Answers a PUT with the digest of what came; remembers how much that was."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        wanted, got = int(self.headers["Content-Length"]), b""
        try:
            while len(got) < wanted and (piece := self.rfile.read1(65536)):
                got += piece
        except OSError:
            pass
        self.server.came.append((self.path, len(got)))
        if len(got) < wanted:
            self.close_connection = True
            return
        said = hashlib.sha256(got).hexdigest().encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_words: object) -> None:
        """Stay quiet."""


@pytest.fixture
def echo() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.came = []
    server.handle_error = lambda *_: None  # an answer that nobody takes
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield server
    server.shutdown()
    server.server_close()


def put(network, path: str = "/a", body: bytes = BODY) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", network.own_port, timeout=20)) as line:
        return say(line, path, body)


def say(line: http.client.HTTPConnection, path: str, body: bytes) -> tuple[int, str]:
    line.request("PUT", path, body)
    answer = line.getresponse()
    return answer.status, answer.read().decode()


def until(what) -> None:
    deadline = time.monotonic() + 10
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_good_link_changes_nothing(echo):
    with weak_network("127.0.0.1", echo.server_port) as network:
        assert put(network) == (201, hashlib.sha256(BODY).hexdigest())
        assert network.seen[Fate.PASS] == 1


def test_several_transfers_share_a_connection(echo):
    with weak_network("127.0.0.1", echo.server_port) as network:
        network.doom(Fate.CUT, path="/third")
        with closing(http.client.HTTPConnection("127.0.0.1", network.own_port)) as line:
            for path in ("/first", "/second"):
                assert say(line, path, BODY) == (201, hashlib.sha256(BODY).hexdigest())
            with pytest.raises(BROKEN):
                say(line, "/third", BODY)
        until(lambda: [path for path, _ in echo.came] == ["/first", "/second", "/third"])


def test_a_cut_comes_in_the_middle_of_the_body(echo):
    with weak_network("127.0.0.1", echo.server_port) as network:
        network.doom(Fate.CUT, at=0.5)
        with pytest.raises(BROKEN):
            put(network)
        until(lambda: echo.came)
        assert 0 < echo.came[0][1] <= len(BODY) // 2
        assert put(network)[0] == 201


def test_a_lost_answer_was_work_done(echo):
    with weak_network("127.0.0.1", echo.server_port) as network:
        network.doom(Fate.LOST, method="PUT")
        with pytest.raises(BROKEN):
            put(network)
    assert echo.came == [("/a", len(BODY))]


def test_what_is_refused_never_reached_the_server(echo):
    with weak_network("127.0.0.1", echo.server_port) as network:
        network.doom(Fate.REFUSED)
        with pytest.raises(BROKEN):
            put(network)
        network.is_offline = True
        with pytest.raises(BROKEN):
            put(network)
        network.is_offline = False
        assert echo.came == []
        assert put(network)[0] == 201


def test_a_portal_and_a_busy_server_answer_for_themselves(echo):
    with weak_network("127.0.0.1", echo.server_port) as network:
        network.doom(Fate.PORTAL)
        network.doom(Fate.BUSY)
        status, page = put(network)
        assert status == 200
        assert "<!doctype html>" in page
        assert put(network)[0] == 503
    assert echo.came == []


def test_a_narrow_link_takes_its_time(echo):
    with weak_network("127.0.0.1", echo.server_port, Link(delay=0.1, up=100_000)) as network:
        began = time.monotonic()
        assert put(network)[0] == 201
        assert time.monotonic() - began > 1.0 + 0.2


def test_one_transfer_in_three_is_cut(echo):
    with weak_network("127.0.0.1", echo.server_port, CUTS_ONE_IN_THREE) as network:
        for _ in range(150):
            try:
                assert put(network, body=b"x" * 3000)[0] == 201
            except BROKEN:
                continue
        assert network.seen.total() >= 150
        assert 30 <= network.seen[Fate.CUT] + network.seen[Fate.LOST] <= 70
