"""The stream's own process: server-sent events fed by one LISTEN connection, without the ORM.

`GET /live?token=…` streams; `GET /live/health` answers JSON. Run by `python -m xaso.config.live`.
"""

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psycopg

from xaso.kernel.live import tokens
from xaso.kernel.live.hub import Hub, Listener

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CHANNEL = "xaso_live"
HEARTBEAT = 20.0  # seconds; keeps proxies from closing a quiet line
RETRY = 5_000  # milliseconds a browser waits before it comes back
SLOW = 10.0  # seconds a browser may take to read what is sent before it is cut off
CROWD = 4_000  # connections; more are told to ask by polling
_BACKOFF = (0.2, 0.5, 1, 2, 5)
log = logging.getLogger("xaso.live")


@dataclass(frozen=True)
class Options:
    """What the process is told by the environment."""

    database: str
    key: str
    origins: frozenset[str]
    health: Path | None = None
    crowd: int = CROWD
    slow: float = SLOW


class LiveApp:
    """The ASGI application."""

    def __init__(self, options: Options) -> None:
        """Take the options; nothing is opened before `lifespan`."""
        self.options = options
        self.hub = Hub()
        self.is_listening = False
        self.tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/live/health":
            await _answer(
                send, 200 if self.is_listening else 503, json.dumps(self._state()).encode()
            )
        elif scope["type"] == "http" and scope["path"] == "/live":
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await _answer(send, 404, b"{}")

    def _state(self) -> dict[str, Any]:
        return {"ok": self.is_listening, "connections": len(self.hub.listeners)}

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.tasks = [
                    asyncio.create_task(self._listen()),
                    asyncio.create_task(self._report_health()),
                ]
                await send({"type": "lifespan.startup.complete"})
            else:
                for task in self.tasks:
                    task.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _listen(self) -> None:
        """Hear the database for ever; after a break every page is asked to fetch anew."""
        tries = 0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self.options.database, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.is_listening, tries = True, 0
                    self.hub.reload_all()
                    async for notice in connection.notifies():
                        self.hub.publish(notice.payload)
            except (psycopg.Error, OSError) as error:
                log.warning("live: the database is away: %s", type(error).__name__)
            self.is_listening = False
            await asyncio.sleep(_BACKOFF[min(tries, len(_BACKOFF) - 1)])
            tries += 1

    async def _report_health(self) -> None:
        file = self.options.health
        while file is not None:
            text = json.dumps({"own": True, "pid": os.getpid(), "at": time.time(), **self._state()})
            with contextlib.suppress(OSError):
                file.parent.mkdir(parents=True, exist_ok=True)
                part = file.with_suffix(".part")
                part.write_text(text, encoding="utf-8")
                part.replace(file)
            await asyncio.sleep(5)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        cors = self._cors(headers.get("origin", ""))
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        try:
            listener = Listener(tokens.read(token, key=self.options.key))
        except (tokens.BadPass, ValueError, KeyError):
            await _answer(send, 401, b"{}", cors)
            return
        if len(self.hub.listeners) >= self.options.crowd:
            await _answer(send, 503, b"{}", [*cors, (b"retry-after", b"30")])
            return
        missed = list(self.hub.missed(listener, headers.get("last-event-id", "")))
        self.hub.listeners.add(listener)
        closed = asyncio.create_task(_until_closed(receive))
        try:
            await _open(send, cors)
            for frame in missed:
                await self._write(send, frame)
            await self._pump(listener, closed, send)
        except TimeoutError:
            log.info("live: a slow connection was cut off")
        finally:
            closed.cancel()
            self.hub.listeners.discard(listener)

    async def _pump(self, listener: Listener, closed: asyncio.Task[None], send: Send) -> None:
        """Write events and heartbeats until the browser goes, or is too slow."""
        while not closed.done() and not listener.is_dropped:
            next_frame = asyncio.ensure_future(listener.queue.get())
            await asyncio.wait(
                {next_frame, closed}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
            )
            if next_frame.done():
                await self._write(send, next_frame.result())
            else:
                next_frame.cancel()
                if not closed.done():
                    await self._write(send, b": still here\n\n")
        if not closed.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, send: Send, frame: bytes) -> None:
        """Send a frame; who does not read for too long is cut off (TimeoutError)."""
        async with asyncio.timeout(self.options.slow):
            await _write(send, frame)

    def _cors(self, origin: str) -> list[tuple[bytes, bytes]]:
        """Name exactly the page's origin, and only when it is one of ours."""
        if origin not in self.options.origins:
            return [(b"vary", b"Origin")]
        return [(b"vary", b"Origin"), (b"access-control-allow-origin", origin.encode("latin-1"))]


async def _until_closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _open(send: Send, cors: list[tuple[bytes, bytes]]) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        *cors,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _write(send, f"retry: {RETRY}\n\n".encode())


async def _write(send: Send, frame: bytes) -> None:
    await send({"type": "http.response.body", "body": frame, "more_body": True})


async def _answer(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    kind = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": kind + (headers or [])})
    await send({"type": "http.response.body", "body": body})
