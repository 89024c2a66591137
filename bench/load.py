"""A small load generator: eight keep-alive connections, or wrk where it is installed."""

import shutil
import socket
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Speed:
    """What a load run saw."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    by: str


def run(host: str, port: int, path: str, *, connections: int = 8, seconds: float = 8) -> Speed:
    """Ask for one page as fast as the server answers."""
    if shutil.which("wrk"):
        return _wrk(f"http://{host}:{port}{path}", connections, seconds)
    return _sockets(host, port, path, connections, seconds)


def _wrk(url: str, connections: int, seconds: float) -> Speed:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{int(seconds)}s", "--latency", url]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    words = {line.split()[0]: line.split() for line in lines if line.split()}
    bad = sum(1 for line in lines if "Non-2xx" in line or "Socket errors" in line)
    return Speed(
        float(words["Requests/sec:"][1]), _ms(words["50%"][1]), _ms(words["99%"][1]), bad, "wrk"
    )


def _ms(text: str) -> float:
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    return float(text)


def _sockets(host: str, port: int, path: str, connections: int, seconds: float) -> Speed:
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    times: list[float] = []
    errors = [0]
    until = time.perf_counter() + seconds

    def ask() -> None:
        with socket.create_connection((host, port)) as line:
            file = line.makefile("rb")
            while (start := time.perf_counter()) < until:
                line.sendall(request)
                if b" 200 " not in file.readline():
                    errors[0] += 1
                _skip_body(file)
                times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(times, n=100)
    return Speed(len(times) / seconds, cuts[49] * 1000, cuts[98] * 1000, errors[0], "sockets")


def _skip_body(file) -> None:  # noqa: ANN001  (a socket's file)
    length, chunked = 0, False
    while (line := file.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        chunked = chunked or line == b"transfer-encoding: chunked"
    if not chunked:
        file.read(length)
        return
    while size := int(file.readline(), 16):
        file.read(size + 2)
    file.readline()
