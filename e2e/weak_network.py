"""A weak network for tests: a TCP proxy that is slow, narrow, and cuts what passes through it.

    with weak_network("127.0.0.1", 8000, TWO_G) as network:
        page.goto(f"{network.base}/binh-lu/")        # a browser, or any HTTP client
        network.link = replace(TWO_G, cut=1 / 3)     # the weather changes
        network.doom(Fate.LOST, path="/photos/")     # the next photo arrives, its answer does not
        network.is_offline = True                    # no bars at all
        assert network.seen[Fate.CUT] > 0

A *transfer* is one HTTP request with its answer; several may share a connection, as browsers do.
Each transfer draws its fate (`Fate`) by the shares of the `Link`, from a seeded die, unless `doom`
told it beforehand. Delay and bandwidth are kept per direction and shared by all connections, as
the one link of a phone is. Lost segments arrive a round trip later and hold up what follows them,
as TCP does it. The server sees each client's own loopback address. Bodies need a Content-Length
(every client of ours sends one); no TLS inside.
Nothing here needs root, and nothing sleeps in the caller's thread: the proxy has its own.
"""

import asyncio
import random
import re
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

SEGMENT = 1460  # bytes
WAITING = 12  # pieces on their way in one direction of one connection
_HEAD = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_RESET = struct.pack("ii", 1, 0)
_PORTAL = "<!doctype html><title>Wi-Fi</title><p>Mời đăng nhập mạng của khách sạn.</p>"


class Fate(Enum):
    """What becomes of one transfer."""

    PASS = "pass"
    REFUSED = "refused"  # the connection is reset before a byte reaches the server
    CUT = "cut"  # reset in the middle of the body; of a request without one, before its answer
    LOST = "lost"  # the server has it all and answers; the answer never arrives
    PORTAL = "portal"  # a captive portal: 200 with a page that is not ours
    BUSY = "busy"  # 503 with Retry-After, as from a proxy whose server is away


@dataclass(frozen=True)
class Link:
    """How the network is: seconds one way, bytes per second, shares between 0 and 1."""

    delay: float = 0.0
    down: float = 0.0  # 0: as fast as it goes
    up: float = 0.0
    loss: float = 0.0  # share of segments that arrive a round trip late
    refused: float = 0.0
    cut: float = 0.0
    lost: float = 0.0
    portal: float = 0.0
    busy: float = 0.0

    def shares(self) -> dict[Fate, float]:
        """Return the share of each fate; the rest passes."""
        return {f: getattr(self, f.value) for f in Fate if f is not Fate.PASS}


GOOD = Link()
THREE_G = Link(delay=0.2, down=50_000, up=50_000)  # 400 kbit/s, 400 ms there and back
TWO_G = Link(delay=0.3, down=8_000, up=8_000, loss=0.05)  # 64 kbit/s, 600 ms, 5 % loss
CUTS_ONE_IN_THREE = Link(cut=0.25, lost=1 / 12)  # three of four in the body, one loses its answer


class Cut(Exception):
    """This connection ends now."""


_ENDINGS = (
    Cut,
    OSError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    asyncio.CancelledError,  # the proxy itself ends
)


@dataclass
class Lane:
    """One direction of the link: what was sent leaves one after the other."""

    free_at: float = 0.0

    def due(self, size: int, rate: float, delay: float, late: float) -> float:
        """Return when a piece arrives at the far end."""
        self.free_at = max(self.free_at, time.monotonic()) + (size / rate if rate else 0.0) + late
        return self.free_at + delay


@dataclass
class Doom:
    """A fate told beforehand for the next transfer that fits."""

    fate: Fate
    method: str
    path: str
    at: float | None

    def fits(self, line: str) -> bool:
        """Whether a request line is meant."""
        method, _, rest = line.partition(" ")
        return self.method in {"", method} and self.path in rest


@dataclass
class WeakNetwork:
    """A running proxy; every attribute may be changed while it runs."""

    host: str
    port: int
    link: Link = GOOD
    seed: int = 1
    is_offline: bool = False
    seen: Counter = field(default_factory=Counter)  # Fate → transfers; "bytes up", "bytes down"
    own_port: int = 0

    def __post_init__(self) -> None:
        """Begin with quiet lanes and a fresh die."""
        self._die = random.Random(self.seed)  # noqa: S311  # repeatable
        self._dooms: deque[Doom] = deque()
        self._lock = threading.Lock()
        self._open: set[asyncio.StreamWriter] = set()
        self.up, self.down = Lane(), Lane()

    @property
    def base(self) -> str:
        """Return the address to use instead of the server's own."""
        return f"http://localhost:{self.own_port}"

    def doom(
        self, fate: Fate, *, method: str = "", path: str = "", at: float | None = None
    ) -> None:
        """Tell the fate of the next transfer whose method is, and whose path contains, these.

        `at` is the part of the body after which a CUT comes (0.5: in the middle); drawn otherwise.
        Told twice, it holds for the next two, and so on.
        """
        with self._lock:
            self._dooms.append(Doom(fate, method, path, at))

    def draw(self, line: str) -> tuple[Fate, float]:
        """Return the fate of a request line, and after which part of the body a cut comes."""
        with self._lock:
            at = self._die.random()
            told = next((d for d in self._dooms if d.fits(line)), None)
            if told:
                self._dooms.remove(told)
                at = at if told.at is None else told.at
            fate = told.fate if told else self._thrown()
            self.seen[fate] += 1
            return fate, at

    def late(self, size: int) -> float:
        """Return by how much lost segments hold a piece up."""
        lost = sum(self._die.random() < self.link.loss for _ in range(-(-size // SEGMENT)))
        return 2 * self.link.delay * lost

    def _thrown(self) -> Fate:
        thrown = self._die.random()
        for fate, share in self.link.shares().items():
            thrown -= share
            if thrown < 0:
                return fate
        return Fate.PASS

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it or its fate does."""
        self._open.add(back)
        far = None
        try:
            if not self.is_offline:
                own = (back.get_extra_info("peername")[0], 0)  # the server sees who it is
                far_reader, far = await asyncio.open_connection(
                    self.host, self.port, local_addr=own
                )
                await _Line(self, (near, back), (far_reader, far)).run()
        except _ENDINGS:
            pass
        finally:
            self._open.discard(back)
            for end in filter(None, (back, far)):
                _reset(end)

    def hang_up(self) -> None:
        """Reset every open connection (in the proxy's own thread)."""
        for end in list(self._open):
            _reset(end)


class _Line:
    """One connection through the proxy: requests go up, answers come down."""

    def __init__(self, network: WeakNetwork, near: tuple, far: tuple) -> None:
        self.network = network
        self.near, self.back = near
        self.far, self.out = far
        self.swallow = False

    async def run(self) -> None:
        """Pass both directions until one of them ends."""
        up: asyncio.Queue = asyncio.Queue(WAITING)
        down: asyncio.Queue = asyncio.Queue(WAITING)
        tasks = [
            asyncio.create_task(self._requests(up)),
            asyncio.create_task(self._answers(down)),
            asyncio.create_task(_deliver(up, self.out)),
            asyncio.create_task(_deliver(down, self.back)),
        ]
        try:
            done, _ = await asyncio.wait(tasks[:2], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if tasks[1] in done:  # the server has said all: let it arrive
                await down.join()
                self.back.close()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _requests(self, up: asyncio.Queue) -> None:
        while True:
            head = await self.near.readuntil(b"\r\n\r\n")
            line = head.split(b"\r\n", 1)[0].decode("latin-1")
            found = _LENGTH.search(head)
            length = int(found[1]) if found else 0
            fate, at = self.network.draw(line)
            await self._begin(fate, length)
            await self._send(up, head)
            allowed = int(length * at) if fate is Fate.CUT else length
            while allowed:
                piece = await self.near.read(min(SEGMENT, allowed))
                if not piece:
                    raise Cut
                allowed -= len(piece)
                await self._send(up, piece)
            if fate is Fate.CUT:
                await up.join()
                raise Cut
            self.swallow = self.swallow or fate is Fate.LOST

    async def _begin(self, fate: Fate, length: int) -> None:
        """End a transfer that never reaches the server."""
        if fate is Fate.REFUSED or self.network.is_offline:
            raise Cut
        if fate in {Fate.PORTAL, Fate.BUSY}:
            with suppress(asyncio.IncompleteReadError):
                await self.near.readexactly(length)
            self.back.write(_canned(fate))
            await self.back.drain()
            self.back.close()
            await self.back.wait_closed()
            raise Cut

    async def _send(self, up: asyncio.Queue, piece: bytes) -> None:
        network = self.network
        if network.is_offline:
            raise Cut
        link, late = network.link, network.late(len(piece))
        network.seen["bytes up"] += len(piece)
        await up.put((network.up.due(len(piece), link.up, link.delay, late), piece))

    async def _answers(self, down: asyncio.Queue) -> None:
        network = self.network
        while piece := await self.far.read(SEGMENT):
            if self.swallow or network.is_offline:
                raise Cut
            link, late = network.link, network.late(len(piece))
            network.seen["bytes down"] += len(piece)
            await down.put((network.down.due(len(piece), link.down, link.delay, late), piece))


async def _deliver(waiting: asyncio.Queue, end: asyncio.StreamWriter) -> None:
    """Hand pieces on when they are due."""
    while True:
        due, piece = await waiting.get()
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        with suppress(OSError):
            end.write(piece)
            await end.drain()
        waiting.task_done()


def _canned(fate: Fate) -> bytes:
    body = _PORTAL.encode() if fate is Fate.PORTAL else b""
    status = "200 OK" if fate is Fate.PORTAL else "503 Service Unavailable\r\nRetry-After: 1"
    kind = "text/html; charset=utf-8"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


def _reset(end: asyncio.StreamWriter) -> None:
    """End a connection as a dying network does, unless it was closed in good order."""
    if not end.is_closing():
        door = end.get_extra_info("socket")
        with suppress(OSError):
            door.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.transport.abort()


@contextmanager
def weak_network(
    host: str, port: int, link: Link = GOOD, *, seed: int = 1
) -> Iterator[WeakNetwork]:
    """Run a proxy before a server in a thread of its own; see the head of this file."""
    network = WeakNetwork(host, port, link, seed)
    loop, listening = asyncio.new_event_loop(), threading.Event()

    async def opened() -> asyncio.Server:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * SEGMENT)
        door.bind(("127.0.0.1", 0))
        network.own_port = door.getsockname()[1]
        return await asyncio.start_server(network.serve, sock=door, limit=_HEAD, backlog=512)

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(opened())
        listening.set()
        loop.run_forever()
        server.close()
        network.hang_up()
        _finish(loop)

    thread = threading.Thread(target=run, name="weak-network", daemon=True)
    thread.start()
    listening.wait(10)
    try:
        yield network
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is still under way and close the loop."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()
