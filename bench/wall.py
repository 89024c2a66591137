"""From a commit to two hundred screens: how long until each has heard of it."""

import asyncio
import http.client
import json
import statistics
import time
from uuid import uuid4

from bench.sample import new_report
from bench.town import PORT, Town


async def _screen(url: str, ready: asyncio.Event, heard: list[float], sent: list[float]) -> None:
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await reader.readuntil(b"retry:")
    ready.set()
    while sent_count := len(sent) + 1:
        line = await reader.readline()
        if line.startswith(b"data:") and b'"topic"' in line and sent:
            heard.append(time.perf_counter() - sent[-1])
            break
        if not line:
            raise SystemExit(f"A screen was cut off ({sent_count}).")
    writer.close()


def _post() -> None:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Content-Type": "application/json", "X-Xaso-Outbox": "1", "Host": "localhost"}
    line.request("PUT", f"/binh-lu/api/v1/reports/{uuid4()}", json.dumps(new_report(999)), headers)
    answer = line.getresponse()
    answer.read()


def _passes(cookie_path: str, count: int) -> list[str]:
    """Return stream addresses as the wall page fetches them, one per screen."""
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    line.request("GET", cookie_path, headers={"Host": f"localhost:{PORT}"})
    answer = line.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    answer.read()
    urls = []
    for _ in range(count):
        line.request(
            "GET",
            "/binh-lu/ioc/man-hinh/dong/",
            headers={"Host": f"localhost:{PORT}", "Cookie": cookie},
        )
        answer = line.getresponse()
        urls.append(json.loads(answer.read())["url"])
    return urls


async def _run(urls: list[str]) -> list[float]:
    heard: list[float] = []
    sent: list[float] = []
    events = [asyncio.Event() for _ in urls]
    tasks = [
        asyncio.create_task(_screen(url, event, heard, sent))
        for url, event in zip(urls, events, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in events))
    await asyncio.sleep(1)
    # The clock starts before the request is sent: the figure is an upper bound of commit → screen.
    sent.append(time.perf_counter())
    await asyncio.to_thread(_post)
    await asyncio.wait_for(asyncio.gather(*tasks), 30)
    return heard


def seconds(town: Town, wall_path: str, screens: int = 200) -> tuple[float, float]:
    """Return median and worst seconds from sending a report to a screen hearing of it."""
    heard = asyncio.run(_run(_passes(wall_path, screens)))
    return statistics.median(heard), max(heard)
