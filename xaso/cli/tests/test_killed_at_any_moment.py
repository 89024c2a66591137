"""kill -9 of any process, again and again, while residents send: nothing lost, nothing doubled.

The long variant (`make chaos`) kills fifty times and prints what it saw.
"""

import hashlib
import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from xaso.cli import postgres
from xaso.cli.tests.conftest import PLACE, is_alive, pid_of
from xaso.cli.tests.installation import Installation, children
from xaso.reports.tests.test_use_the_pages import jpeg

pytestmark = [pytest.mark.cluster, pytest.mark.chaos]
HEALED_WITHIN = 60
WRITERS = 6
BROKEN = (OSError, http.client.HTTPException)
API = "/binh-lu/api/v1/reports"


class Resident(threading.Thread):
    """Sends report after report, each until it is acknowledged; every fourth with a photo."""

    def __init__(self, number: int, port: int, ended: threading.Event) -> None:
        super().__init__(name=f"resident-{number}", daemon=True)
        self.address, self.port, self.ended = (
            f"127.7.{number // 250}.{1 + number % 250}",
            port,
            ended,
        )
        self.number, self.acknowledged, self.answers = number, {}, Counter()
        self.photos: dict[str, set[str]] = {}

    def run(self) -> None:
        n = 0
        while not self.ended.is_set():
            n += 1
            self.send(n)
            time.sleep(0.02)

    def send(self, n: int) -> None:
        key, text = str(uuid4()), f"Đèn đường hỏng, người {self.number} báo lần {n}."
        photo = jpeg().getvalue() + f"{key}".encode() if n % 4 == 0 else b""
        sha = hashlib.sha256(photo).hexdigest()
        body = {"v": 1, "category": "ROAD-DAMAGE", "text": text, "place": {"landmark": "Cầu treo"}}
        body["photos"] = [{"sha256": sha, "bytes": len(photo)}] if photo else []
        said = self.until_taken(f"{API}/{key}", json.dumps(body).encode(), "application/json")
        self.acknowledged[key] = (said["code"], text)
        if photo:
            self.until_taken(f"{API}/{key}/photos/{sha}", photo, "image/jpeg")
            self.photos[key] = {sha}

    def until_taken(self, path: str, body: bytes, kind: str) -> dict:
        while True:
            status, said = self.put(path, body, kind)
            self.answers[status] += 1
            if status in (200, 201):
                return said
            assert status == 0 or status in (429, 502, 503), (status, said)
            time.sleep(0.1)

    def put(self, path: str, body: bytes, kind: str) -> tuple[int, dict]:
        own = (self.address, 0)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=own)
        with closing(line):
            try:
                line.request("PUT", path, body, {"Content-Type": kind, "X-Xaso-Outbox": "1"})
                answer = line.getresponse()
                return answer.status, json.loads(answer.read() or b"{}")
            except BROKEN:
                return 0, {}


class Killer:
    """Knows every process of an installation and kills what it is told to."""

    def __init__(self, here: Installation, die: random.Random) -> None:
        self.die = die
        self.here, self.done, self.healing = here, Counter(), {}

    def targets(self) -> dict[str, int]:
        """Return a living process of each kind."""
        found = dict(self.here.pids())
        if workers := children(found.get("web", 0)):
            found["web worker"] = self.die.choice(workers)
        found["supervisor"] = self.here.process.pid
        with suppress(AssertionError):
            found["postmaster"] = pid_of(self.here.home)
            if backends := children(found["postmaster"]):
                found["backend"] = self.die.choice(backends)
        return {name: pid for name, pid in found.items() if is_alive(pid)}

    def kill(self, name: str) -> None:
        """Kill one and wait until everything is well again, as a service manager would help."""
        targets = self.targets()
        if name not in targets:
            return
        with suppress(ProcessLookupError):
            os.kill(targets[name], signal.SIGKILL)
        self.done[name] += 1
        began = time.monotonic()
        time.sleep(0.3)
        self.until_well(name, targets[name])
        self.healing[name] = max(self.healing.get(name, 0.0), time.monotonic() - began)

    def until_well(self, name: str, killed: int) -> None:
        deadline = time.monotonic() + HEALED_WITHIN
        while killed in self.here.pids().values() or not self.here.is_well():
            if self.here.process.poll() is not None:
                self.here.launch()
            assert time.monotonic() < deadline, f"{name}: {self.here.said.read_text()[-3000:]}"
            time.sleep(0.1)


KINDS = ("web", "web worker", "worker", "live", "postmaster", "backend", "supervisor")


@pytest.fixture
def town():
    home = PLACE / "killed"
    home.mkdir(parents=True, exist_ok=True)
    here = Installation(home, XASO_WORKERS="2")
    here.start("demo", "--size", "tiny")
    yield here
    here.close()


@pytest.mark.parametrize(
    "kills", [7, pytest.param(50, marks=pytest.mark.skipif("not os.environ.get('XASO_CHAOS')"))]
)
def test_nothing_acknowledged_is_lost_or_doubled(town, kills, capsys):
    ended, die = threading.Event(), random.Random(kills)  # noqa: S311  # repeatable
    residents = [Resident(n, town.port, ended) for n in range(WRITERS)]
    killer = Killer(town, die)
    for resident in residents:
        resident.start()
    for n in range(kills):
        killer.kill(KINDS[n] if n < len(KINDS) else die.choice(KINDS))
        time.sleep(die.random())
    ended.set()
    for resident in residents:
        resident.join(60)
    assert not any(resident.is_alive() for resident in residents)
    seen = compare(town, residents)
    tell(capsys, killer, residents, seen)
    assert killer.done.total() == kills
    assert (seen["lost"], seen["doubled"], seen["photos lost"]) == (0, 0, 0)
    assert all(resident.acknowledged for resident in residents)
    whole_again(town)


def compare(town: Installation, residents: list[Resident]) -> dict[str, int]:
    """Hold what was acknowledged against what the database and the files know."""
    sent = {key: said for resident in residents for key, said in resident.acknowledged.items()}
    with psycopg.connect(postgres.running(town.home).superuser_url) as database:
        rows = database.execute("SELECT uuid::text, code, text FROM reports_report").fetchall()
        photos = database.execute(
            "SELECT r.uuid::text, p.sha256, p.state FROM reports_photo p"
            " JOIN reports_report r ON r.id = p.report_id"
        ).fetchall()
        received = database.execute(
            "SELECT count(*) FROM reports_reportevent WHERE kind = 'receive' GROUP BY report_id"
        ).fetchall()
    here = {key: (code, text) for key, code, text in rows}
    texts = Counter(text for _, _, text in rows if text.startswith("Đèn đường hỏng, người"))
    arrived = {(key, sha) for key, sha, state in photos if state == "received"}
    promised = {(key, sha) for r in residents for key, shas in r.photos.items() for sha in shas}
    return {
        "acknowledged": len(sent),
        "photos": len(promised),
        "lost": sum(here.get(key) != said for key, said in sent.items()),
        "doubled": sum(n - 1 for n in texts.values()) + sum(n - 1 for (n,) in received),
        "photos lost": len(promised - arrived),
    }


def whole_again(town: Installation) -> None:
    """Every process is back, each once, and none of an earlier life remains."""
    town.until_well(HEALED_WITHIN)
    assert set(town.pids()) >= {"web", "worker", "live"}
    for pid in town.processes():
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        assert parent != 1, Path(f"/proc/{pid}/cmdline").read_bytes()
    assert town.xaso("audit", "verify").returncode == 0


def tell(capsys, killer: Killer, residents: list[Resident], seen: dict[str, int]) -> None:
    """Print what happened, for the long variant's reader."""
    answers = sum((resident.answers for resident in residents), Counter())
    with capsys.disabled():
        print(f"\nkilled: {killer.done.total()}, {dict(killer.done)}")
        print("slowest healing, s:", {n: round(s, 1) for n, s in killer.healing.items()})
        print("answers (0: none came):", dict(sorted(answers.items())))
        print("outcome:", seen)
