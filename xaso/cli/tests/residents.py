"""Residents who send reports over HTTP, whatever happens to the server, until they are taken."""

import hashlib
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import psycopg

from xaso.cli import postgres
from xaso.cli.tests.installation import Installation
from xaso.reports.tests.test_use_the_pages import jpeg

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
        self.fault, self.times = "", []

    def run(self) -> None:
        n = 0
        try:
            while not self.ended.is_set():
                n += 1
                self.send(n)
                time.sleep(0.02)
        except Exception as error:  # noqa: BLE001  (shown by the test)
            self.fault = repr(error)

    def send(self, n: int) -> None:
        key, text = str(uuid4()), f"Đèn đường hỏng, người {self.number} báo lần {n}."
        photo = jpeg().getvalue() + f"{key}".encode() if n % 4 == 0 else b""
        sha = hashlib.sha256(photo).hexdigest()
        body = {"v": 1, "category": "ROAD-DAMAGE", "text": text, "place": {"landmark": "Cầu treo"}}
        body["photos"] = [{"sha256": sha, "bytes": len(photo)}] if photo else []
        said = self.until_taken(f"{API}/{key}", json.dumps(body).encode(), "application/json")
        self.acknowledged[key] = (said["code"], text)
        self.times.append(time.monotonic())
        if photo:
            self.until_taken(f"{API}/{key}/photos/{sha}", photo, "image/jpeg")
            self.photos[key] = {sha}

    def until_taken(self, path: str, body: bytes, kind: str) -> dict:
        while True:
            status, said = self.put(path, body, kind)
            self.answers[status] += 1
            if status in (200, 201):
                return said
            assert status in (0, 429, 503, 507), (status, said)  # each with a sentence
            assert status == 0 or said["detail"]
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


@contextmanager
def crowd(town: Installation, size: int) -> Iterator[list[Resident]]:
    """Let residents send while the block runs; afterwards each finishes what they began."""
    ended = threading.Event()
    residents = [Resident(n, town.port, ended) for n in range(size)]
    for resident in residents:
        resident.start()
    try:
        yield residents
    finally:
        ended.set()
    for resident in residents:
        resident.join(90)
    assert not any(resident.is_alive() for resident in residents)
    assert [resident.fault for resident in residents if resident.fault] == []


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
    texts = Counter(text for _, _, text in rows if (text or "").startswith("Đèn đường hỏng, người"))
    arrived = {(key, sha) for key, sha, state in photos if state == "received"}
    promised = {(key, sha) for r in residents for key, shas in r.photos.items() for sha in shas}
    return {
        "acknowledged": len(sent),
        "photos": len(promised),
        "lost": sum(here.get(key) != said for key, said in sent.items()),
        "doubled": sum(n - 1 for n in texts.values()) + sum(n - 1 for (n,) in received),
        "photos lost": len(promised - arrived),
    }
