"""Screens that do not read, and more screens than one process holds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from xaso.kernel.live import tokens
from xaso.kernel.live.server import LiveApp, Options
from xaso.kernel.live.tests.test_a_screen_hears_its_commune import HERE, KEY, ORIGIN
from xaso.kernel.live.tokens import Pass


class Browser:
    """One connection as the web server hands it over; it reads `reads` frames and then none."""

    def __init__(self, reads: int) -> None:
        self.reads = reads
        self.status = 0
        self.frames: list[bytes] = []

    async def receive(self) -> dict:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if len(self.frames) >= self.reads:
            await asyncio.sleep(3600)
        self.frames.append(message["body"])

    async def look(self, app: LiveApp) -> None:
        token = tokens.sign(Pass(HERE, frozenset({"a"}), "w"), key=KEY)
        scope = {
            "type": "http",
            "path": "/live",
            "query_string": f"token={token}".encode(),
            "headers": [(b"origin", ORIGIN.encode())],
        }
        await app(scope, self.receive, self.send)


def _app(**options: float) -> LiveApp:
    return LiveApp(Options("", KEY, frozenset({ORIGIN}), **options))


def _run(story):
    """Run a story in a thread of its own: a browser test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, story).result()


def test_a_screen_that_does_not_read_is_cut_off() -> None:
    async def story() -> Browser:
        app = _app(slow=0.05)
        browser = Browser(reads=1)
        looking = asyncio.create_task(browser.look(app))
        while not app.hub.listeners:
            await asyncio.sleep(0)
        app.hub.publish(f'{{"c": "{HERE}", "t": "a", "p": {{}}}}')
        await asyncio.wait_for(looking, 30)
        assert not app.hub.listeners
        return browser

    assert _run(story()).frames == [b"retry: 5000\n\n"]


@pytest.mark.parametrize(("crowd", "status"), [(2, 200), (1, 503)])
def test_more_screens_than_fit_are_told_to_poll(crowd: int, status: int) -> None:
    async def story() -> int:
        app = _app(crowd=crowd)
        first, second = Browser(reads=9), Browser(reads=9)
        looking = [asyncio.create_task(first.look(app))]
        while not app.hub.listeners:
            await asyncio.sleep(0)
        looking.append(asyncio.create_task(second.look(app)))
        while not second.status:
            await asyncio.sleep(0)
        for each in looking:
            each.cancel()
        return second.status

    assert _run(story()) == status
