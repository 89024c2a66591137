"""The mixed load of a province: fifty requests a second from residents, machines and officials.

Requests come when they come, not when the one before is answered: each has its moment, and what it
waits for a free server counts. Every visitor has an address and a connection of their own. The
generator shares the processors with what it measures.
"""

import asyncio
import hashlib
import io
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench import processes
from bench.sample import new_report
from bench.town import Town

RATE = 50  # requests a second
VISITORS = 120
WARM, MEASURED = 15, 60  # seconds
PATIENCE = 30.0  # seconds after which an answer counts as none
_WORDS = ("den duong", "rac thai", "duong", "nuoc", "cot dien", "ban")
_TOKEN = "bench0bench0bench0bench0bench0be"  # a form's token is whatever its cookie says

Ask = tuple[str, str, dict[str, str], bytes]  # method, path, headers, body


@dataclass
class Kind:
    """One kind of request: its share of a hundred, and how it is made."""

    name: str
    share: int
    make: Callable[["Province"], Ask]
    is_write: bool = False


@dataclass
class Province:
    """What the visitors know: communes with their codes, and what was sent a moment ago."""

    communes: list[dict[str, Any]]
    chance: random.Random = field(default_factory=lambda: random.Random(20250701))
    photos: list[bytes] = field(default_factory=list)
    announced: list[tuple[str, str, bytes]] = field(default_factory=list)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)

    def any(self) -> dict[str, Any]:
        """Return a commune, each as likely as another."""
        return self.chance.choice(self.communes)


@dataclass
class Seen:
    """One answer: kind, whether it wrote, seconds from its moment to its last byte, status."""

    kind: Kind
    seconds: float
    status: int


def _get(make: Callable[[Province, dict[str, Any]], str], *, personal: int = 50) -> Callable:
    """Return a maker of a page request; so many in a hundred bring a cookie of their own."""

    def made(land: Province) -> Ask:
        commune = land.any()
        own = {"Cookie": "xaso_device=x"} if land.chance.randrange(100) < personal else {}
        return "GET", make(land, commune), own, b""

    return made


def _desk(make: Callable[[Province, dict[str, Any]], str]) -> Callable:
    def made(land: Province) -> Ask:
        commune = land.any()
        return "GET", make(land, commune), {"Cookie": f"xaso={commune['cookie']}"}, b""

    return made


def _note(land: Province) -> Ask:
    commune = land.any()
    path = f"/{commune['slug']}/can-bo/phan-anh/{land.chance.choice(commune['open'])}/ghi-chu/"
    cookies = f"xaso={commune['cookie']}; csrf={_TOKEN}"
    body = f"csrfmiddlewaretoken={_TOKEN}&text=Da+goi+truong+ban+{land.chance.random():.6f}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    return "POST", path, form, body.encode()


def _create(land: Province, *, photo: bytes = b"") -> Ask:
    commune, key = land.any(), str(uuid4())
    report = new_report(land.chance.randrange(1000))
    report["place"]["village"] = land.chance.choice(commune["villages"])
    if photo:
        sha = hashlib.sha256(photo).hexdigest()
        report["photos"] = [{"sha256": sha, "bytes": len(photo)}]
        path = f"/{commune['slug']}/api/v1/reports/{key}/photos/{sha}"
        land.announced.append((key, path, photo))
    path, body = f"/{commune['slug']}/api/v1/reports/{key}", json.dumps(report).encode()
    land.sent = [*land.sent[-20:], (key, path, body)]
    return "PUT", path, {"Content-Type": "application/json", "X-Xaso-Outbox": "1"}, body


def _again(land: Province) -> Ask:
    """Send once more what was sent some seconds ago: its answer never arrived."""
    if not land.sent:
        return _create(land)
    _key, path, body = land.sent[0]
    return "PUT", path, {"Content-Type": "application/json", "X-Xaso-Outbox": "1"}, body


def _photo(land: Province) -> Ask:
    """Send the photo of an earlier report; without one, first the report."""
    if len(land.announced) < 2:
        return _create(land, photo=_drawn(land))
    _key, path, photo = land.announced.pop(0)
    return "PUT", path, {"Content-Type": "image/jpeg", "X-Xaso-Outbox": "1"}, photo


def _code(land: Province, commune: dict[str, Any]) -> str:
    return land.chance.choice(commune["public"])


def _page(after: str) -> Callable[[Province, dict[str, Any]], str]:
    return lambda _land, commune: f"/{commune['slug']}/{after}"


def _found(land: Province, commune: dict[str, Any]) -> str:
    words = land.chance.choice(_WORDS).replace(" ", "+")
    return f"/{commune['slug']}/phan-anh/?tim={words}"


KINDS = (
    Kind("commune's home", 10, _get(_page(""))),
    Kind("board", 14, _get(_page("phan-anh/"))),
    Kind("board, searched", 6, _get(_found)),
    Kind("report page", 20, _get(lambda land, c: f"/{c['slug']}/phan-anh/{_code(land, c)}/")),
    Kind("plain page by code", 8, _get(lambda land, c: f"/t/{_code(land, c)}", personal=0)),
    Kind("form", 4, _get(_page("phan-anh/gui/"))),
    Kind("API list of 50", 6, _get(_page("api/v1/reports?limit=50"))),
    Kind("API report", 6, _get(lambda land, c: f"/{c['slug']}/api/v1/reports/{_code(land, c)}")),
    Kind("API categories", 4, _get(_page("api/v1/categories"))),
    Kind("inbox", 4, _desk(_page("can-bo/phan-anh/"))),
    Kind(
        "official's report",
        4,
        _desk(lambda land, c: f"/{c['slug']}/can-bo/phan-anh/{land.chance.choice(c['open'])}/"),
    ),
    Kind("create", 7, _create, is_write=True),
    Kind("create with photo", 1, lambda land: _create(land, photo=_drawn(land)), is_write=True),
    Kind("photo", 1, _photo, is_write=True),
    Kind("create again", 1, _again, is_write=True),
    Kind("official's note", 4, _note, is_write=True),
)


def _drawn(land: Province) -> bytes:
    """Return a photo as a phone sends it: 1,280 × 960, some 200 kB, never the same twice."""
    if not land.photos:
        from PIL import Image

        noise = Image.effect_noise((1280, 960), 60)
        soft = noise.resize((320, 240)).resize((1280, 960))
        for number in range(40):
            out = io.BytesIO()
            turned = Image.merge("RGB", (noise.rotate(number), soft, soft.rotate(180)))
            turned.save(out, "JPEG", quality=40)
            land.photos.append(out.getvalue())
    # What follows the end of the picture is another picture to a hash, the same to a decoder.
    return land.chance.choice(land.photos) + land.chance.randbytes(8)


class Visitor:
    """One address with one connection, which is opened when first needed."""

    def __init__(self, number: int, port: int) -> None:
        """Take the address of a number: 127.1.x.y, all of them this machine."""
        self.own, self.port = f"127.1.{number // 200}.{number % 200 + 1}", port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, ask: Ask) -> int:
        """Ask and read the whole answer; return its status."""
        method, path, headers, body = ask
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += ["Accept-Encoding: gzip", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.streams is None or self.streams[0].at_eof():
            self.streams = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(self.own, 0)
            )
        reader, writer = self.streams
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        at = head.find(b"content-length:")
        if at >= 0:
            await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]))
        return int(head.split(b" ", 2)[1])

    def leave(self) -> None:
        """Close the connection: the next request opens another."""
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


async def _one(land: Province, kind: Kind, idle: asyncio.Queue, due: float, all_: list) -> None:
    """Let one visitor ask; a broken or missing answer is an error (status 0)."""
    visitor = await idle.get()
    try:
        status = await asyncio.wait_for(visitor.ask(kind.make(land)), PATIENCE)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status = 0
        visitor.leave()
    finally:
        idle.put_nowait(visitor)
    all_.append((due, Seen(kind, time.perf_counter() - due, status)))


async def _run(town: Town, land: Province) -> list[Seen]:
    """Send requests at random moments, fifty a second on the average."""
    idle: asyncio.Queue[Visitor] = asyncio.Queue()
    for number in range(VISITORS):
        idle.put_nowait(Visitor(number, town.port))
    kinds, shares = list(KINDS), [kind.share for kind in KINDS]
    all_: list[tuple[float, Seen]] = []
    tasks: list[asyncio.Task[None]] = []
    began = due = time.perf_counter()
    while due < began + WARM + MEASURED:
        due += land.chance.expovariate(RATE)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        kind = land.chance.choices(kinds, shares)[0]
        tasks.append(asyncio.create_task(_one(land, kind, idle, due, all_)))
    await asyncio.gather(*tasks)
    return [seen for due, seen in all_ if due >= began + WARM]


@dataclass(frozen=True)
class Result:
    """What a run saw; milliseconds, and shares of the two processors in per cent."""

    reads: list[float]
    writes: list[float]
    errors: dict[str, int]
    by_kind: dict[str, tuple[int, float, float]]  # how many, p50, p95
    per_second: float
    ours: float
    others: float
    cpu_ms: float  # of a request: pages, database, worker and this generator


def run(town: Town, communes: list[dict[str, Any]]) -> Result:
    """Run the load for a minute and say how long people waited."""
    land = Province(communes)
    _drawn(land)
    before, began = _used(town), time.perf_counter()
    seen = asyncio.run(_run(town, land))
    everybody, ours = (after - b for after, b in zip(_used(town), before, strict=True))
    span = time.perf_counter() - began
    errors: dict[str, int] = {}
    for each in seen:
        if not 200 <= each.status < 400:
            name = f"{each.kind.name} {each.status}"
            errors[name] = errors.get(name, 0) + 1
    by_kind = {}
    for kind in KINDS:
        times = [1000 * s.seconds for s in seen if s.kind is kind]
        if len(times) > 1:
            by_kind[kind.name] = (len(times), statistics.median(times), at(times, 95))
    return Result(
        reads=[1000 * s.seconds for s in seen if not s.kind.is_write],
        writes=[1000 * s.seconds for s in seen if s.kind.is_write],
        errors=errors,
        by_kind=by_kind,
        per_second=len(seen) / MEASURED,
        ours=100 * ours / span,
        others=100 * (everybody - ours) / span,
        cpu_ms=1000 * ours / (len(seen) * (WARM + MEASURED) / MEASURED),
    )


def tell(found: Result) -> None:
    """Print how each kind of request fared."""
    print(f"\n{'mixed load':<24} {'requests':>9} {'p50 ms':>8} {'p95 ms':>8}")
    for name, (count, median, slow) in found.by_kind.items():
        print(f"{name:<24} {count:>9} {median:>8.0f} {slow:>8.0f}")


def at(times: list[float], percent: int) -> float:
    """Return a percentile."""
    return statistics.quantiles(times, n=100)[percent - 1]


def _used(town: Town) -> tuple[float, float]:
    """Return processor seconds so far: of the whole machine, of the town and this generator."""
    return processes.machine_seconds(), processes.cpu_seconds(town.pids()) + time.process_time()
