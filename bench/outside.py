"""What requests cost seen from outside: CPU of the web processes per request, over HTTP."""

import http.client
import json
import random
from collections.abc import Callable
from uuid import uuid4

from bench import processes
from bench.sample import new_report
from bench.town import Town

ROUNDS, TIMES = 7, 40


def cpu_ms(town: Town, send: Callable[[http.client.HTTPConnection, int], int]) -> list[float]:
    """Return the web processes' CPU milliseconds per request, once for each round.

    Warm-up is not counted. Any answer that is not 2xx stops the run: a refused request would be
    cheap and flatter the figure. Other work on the machine makes a round dearer, never cheaper.
    """
    line = _line(town)
    pids = town.web()
    for number in range(TIMES):
        send(line, number)
    rounds = []
    for _ in range(ROUNDS):
        before = processes.cpu_seconds(pids)
        for number in range(TIMES):
            status = send(line, number)
            if not 200 <= status < 300:
                raise SystemExit(f"A measured request was answered {status}.")
        rounds.append((processes.cpu_seconds(pids) - before) * 1000 / TIMES)
    return rounds


def _line(town: Town) -> http.client.HTTPConnection:
    """Return a connection from an address of its own: one address may send only so often."""
    own = f"127.2.{random.randrange(256)}.{random.randrange(1, 255)}"
    return http.client.HTTPConnection("127.0.0.1", town.port, 30, source_address=(own, 0))


def create(line: http.client.HTTPConnection, number: int) -> int:
    """Send one new report."""
    headers = {"Content-Type": "application/json", "X-Xaso-Outbox": "1", "Host": "localhost"}
    body = json.dumps(new_report(number)).encode()
    line.request("PUT", f"/binh-lu/api/v1/reports/{uuid4()}", body, headers)
    return _status(line)


def get(path: str, cookie: str = "") -> Callable[[http.client.HTTPConnection, int], int]:
    """Return a function that asks for one page."""
    headers = {"Host": "localhost", "Accept-Encoding": "gzip"}
    if cookie:
        headers["Cookie"] = f"xaso={cookie}"

    def asked(line: http.client.HTTPConnection, _number: int) -> int:
        line.request("GET", path, headers=headers)
        return _status(line)

    return asked


def _status(line: http.client.HTTPConnection) -> int:
    answer = line.getresponse()
    answer.read()
    return answer.status
