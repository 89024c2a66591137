"""What requests cost seen from outside: CPU of the web processes per request, over HTTP."""

import http.client
import json
from collections.abc import Callable
from uuid import uuid4

from bench import processes
from bench.sample import new_report
from bench.town import PORT, Town


def cpu_ms(town: Town, send: Callable[[http.client.HTTPConnection, int], int], times: int) -> float:
    """Return the web processes' CPU milliseconds per request, over `times` requests.

    A first tenth warms the caches and is not counted. Any answer that is not 2xx stops the run:
    a refused request would be cheap and flatter the figure.
    """
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    pids = town.web()
    for number in range(max(4, times // 10)):
        send(line, number)
    before = processes.cpu_seconds(pids)
    for number in range(times):
        status = send(line, number)
        if not 200 <= status < 300:
            raise SystemExit(f"A measured request was answered {status}.")
    return (processes.cpu_seconds(pids) - before) * 1000 / times


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
