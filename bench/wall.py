"""From a report sent to two hundred screens: how long until each shows it.

Each screen does what its script does: it holds the stream open, and when it hears of a change it
fetches the board's snapshot and has it when the body is here. A browser paints it a frame later.
"""

import asyncio
import http.client
import json
import statistics
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from uuid import uuid4

from bench.sample import new_report
from bench.town import PORT, Town

FIGURES = "/binh-lu/api/v1/ioc/boards/tong-quan/snapshot"
_HOST = f"localhost:{PORT}"


@dataclass
class Screens:
    """What all screens of one measurement share."""

    cookies: str
    etag: str
    sent: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)


async def _screen(url: str, ready: asyncio.Event, all_: Screens) -> None:
    """Hold a stream; when it tells of a change, fetch the picture."""
    address, _, path = url.removeprefix("http://").partition("/")
    name, _, port = address.partition(":")
    stream, to_stream = await asyncio.open_connection(name, int(port))
    to_stream.write(f"GET /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
    await stream.readuntil(b"retry:")
    page, to_page = await asyncio.open_connection("127.0.0.1", PORT)
    ready.set()
    while line := await stream.readline():
        if line.startswith(b"data:") and b'"topic"' in line and all_.sent:
            break
    else:
        raise SystemExit("A screen was cut off.")
    all_.heard.append(time.perf_counter() - all_.sent[0])
    while not await _fetch(page, to_page, all_):
        pass
    all_.shown.append(time.perf_counter() - all_.sent[0])
    to_page.close()
    to_stream.close()


async def _fetch(page: asyncio.StreamReader, to_page: asyncio.StreamWriter, all_: Screens) -> bool:
    """Fetch the snapshot; return whether it is a new one, waiting when asked to come again."""
    change = f"bench{all_.sent[0]:.3f}"
    to_page.write(
        f"GET {FIGURES}?moi={change} HTTP/1.1\r\nHost: {_HOST}\r\nAccept-Encoding: gzip\r\n"
        f"Cookie: {all_.cookies}\r\nIf-None-Match: {all_.etag}\r\n\r\n".encode()
    )
    head = (await page.readuntil(b"\r\n\r\n")).decode().lower()
    said = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    await page.readexactly(int(said.get("content-length", 0)))
    again = int(said.get("x-xaso-again", 0))
    if again:
        await asyncio.sleep((again + 20) / 1000)
    return " 200 " in head.split("\r\n", 1)[0] and not again


def _post() -> None:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Content-Type": "application/json", "X-Xaso-Outbox": "1", "Host": _HOST}
    line.request("PUT", f"/binh-lu/api/v1/reports/{uuid4()}", json.dumps(new_report(999)), headers)
    answer = line.getresponse()
    answer.read()
    if answer.status != 201:
        raise SystemExit(f"The report was not taken: {answer.status}")


def _let_in(path: str, count: int) -> tuple[list[str], Screens]:
    """Open the wall's address; return so many stream addresses and what the screens share."""
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)

    def get(where: str, cookies: str = "") -> http.client.HTTPResponse:
        line.request("GET", where, headers={"Host": _HOST, "Cookie": cookies})
        return line.getresponse()

    answer = get(path)
    jar = SimpleCookie()
    for cookie in answer.headers.get_all("Set-Cookie") or ():
        jar.load(cookie)
    answer.read()
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
    urls = [
        json.loads(get("/binh-lu/ioc/man-hinh/dong/", cookies).read())["url"] for _ in range(count)
    ]
    answer = get(FIGURES, cookies)
    answer.read()
    return urls, Screens(cookies, str(answer.getheader("ETag")))


async def _run(urls: list[str], all_: Screens) -> None:
    events = [asyncio.Event() for _ in urls]
    tasks = [
        asyncio.create_task(_screen(url, event, all_))
        for url, event in zip(urls, events, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in events))
    await asyncio.sleep(2)
    # The clock starts before the request is sent: the figure is an upper bound of commit → screen.
    all_.sent.append(time.perf_counter())
    await asyncio.to_thread(_post)
    await asyncio.wait_for(asyncio.gather(*tasks), 30)


def seconds(town: Town, wall_path: str, screens: int = 200) -> tuple[float, float]:
    """Return median and worst seconds from sending a report to a screen holding its picture."""
    urls, all_ = _let_in(wall_path, screens)
    asyncio.run(_run(urls, all_))
    return statistics.median(all_.shown), max(all_.shown)
