"""A small load generator: eight keep-alive connections asking as fast as they are answered.

One thread and a selector: the generator shares the processors with what it measures, so it must
cost little. Its own interpreter's threads would wait for each other and count that as slowness.
"""

import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Speed:
    """What a load run saw. `corrected` counts each request a stall held back, as wrk does."""

    per_second: float
    p50_ms: float
    p99_ms: float
    corrected_p99_ms: float
    worst_ms: float
    errors: int


@dataclass
class _Line:
    """One connection and the answer it is in."""

    socket: socket.socket
    asked: float = 0.0
    seen: bytearray = field(default_factory=bytearray)
    whole: int = -1  # bytes of the whole answer, once its header is here

    def is_done(self, data: bytes) -> bool:
        """Take what came; return whether the answer is whole."""
        self.seen += data
        if self.whole < 0:
            end = self.seen.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.seen[:end]).lower()
            at = head.index(b"content-length:") + 15
            self.whole = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
        return len(self.seen) >= self.whole


def run(host: str, port: int, path: str, *, connections: int = 8, seconds: float = 8) -> Speed:
    """Ask for one page as fast as the server answers."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    wait = selectors.DefaultSelector()
    for _ in range(connections):
        line = _Line(socket.create_connection((host, port)))
        wait.register(line.socket, selectors.EVENT_READ, line)
        line.asked = time.perf_counter()
        line.socket.sendall(request)
    times: list[float] = []
    errors = 0
    began = time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        for ready, _events in wait.select(1):
            line = ready.data
            data = line.socket.recv(65_536)
            if not data:
                raise SystemExit("The server closed a connection that should stay open.")
            if not line.is_done(data):
                continue
            now = time.perf_counter()
            times.append(now - line.asked)
            errors += not line.seen.startswith(b"HTTP/1.1 200")
            line.seen.clear()
            line.whole, line.asked = -1, now
            line.socket.sendall(request)
    for ready in list(wait.get_map().values()):
        ready.data.socket.close()
    return _said(times, errors, connections, seconds)


def _said(times: list[float], errors: int, connections: int, seconds: float) -> Speed:
    cuts = statistics.quantiles(times, n=100)
    corrected = list(times)
    usual = seconds * connections / len(times)  # between two answers of one connection
    for each in times:
        late = each - usual
        while late > usual:
            corrected.append(late)
            late -= usual
    return Speed(
        per_second=len(times) / seconds,
        p50_ms=cuts[49] * 1000,
        p99_ms=cuts[98] * 1000,
        corrected_p99_ms=statistics.quantiles(corrected, n=100)[98] * 1000,
        worst_ms=max(times) * 1000,
        errors=errors,
    )
