"""A phone's outbox without a browser: keeps what was written and sends it as the protocol says.

Text first, then photos one by one; after a cut the rest of a photo alone (Content-Range); every
answer that is not ours, and every fault of the network, means: again. The same record is sent at
each try, byte for byte. `docs/rooms/reports.md` and the interface document describe the answers.
"""

import hashlib
import http.client
import json
import random
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from uuid import uuid4

from PIL import Image

BROKEN = (OSError, http.client.HTTPException, ValueError)
AGAIN = {408, 425, 429, 500, 502, 503, 504, 507}
API = "/binh-lu/api/v1/reports"
PAUSE = 0.02


class GaveUp(AssertionError):
    """The phone would show "needs fixing", or tried for ever."""


@dataclass
class Photo:
    """One picture and the name its content gives it."""

    body: bytes
    sha: str = ""

    def __post_init__(self) -> None:
        """Name it."""
        self.sha = hashlib.sha256(self.body).hexdigest()


@dataclass
class Written:
    """One report as it lies in the outbox, frozen, with what the phone was told about it."""

    body: bytes
    photos: list[Photo]
    key: str = field(default_factory=lambda: str(uuid4()))
    codes: set[str] = field(default_factory=set)


@dataclass
class Phone:
    """One outbox behind a network; `address` is the phone's own on the loopback net."""

    port: int
    address: str
    die: random.Random
    seen: Counter = field(default_factory=Counter)

    def write(self, text: str, photos: int) -> Written:
        """Write a report with drawn photos; nothing is sent yet."""
        taken = [Photo(_drawn(self.die)) for _ in range(photos)]
        body = {
            "v": 1,
            "category": "ROAD-DAMAGE",
            "text": text,
            "place": {"landmark": "Qua cầu treo", "source": "none"},
            "photos": [{"sha256": p.sha, "bytes": len(p.body)} for p in taken],
        }
        return Written(json.dumps(body).encode(), taken)

    def send(self, written: Written, *, anew: bool = False) -> None:
        """Send until everything is acknowledged; `anew` sends every photo whole once more."""
        receipt = self._until(written, "", written.body, {"Content-Type": "application/json"})
        missing = {m["sha"]: m["have"] for m in receipt["missing"]}
        for photo in written.photos:
            if photo.sha in missing:
                self._photo(written, photo, missing[photo.sha])
            elif anew:
                self._photo(written, photo, 0)

    def _photo(self, written: Written, photo: Photo, have: int) -> None:
        path, total = f"/photos/{photo.sha}", len(photo.body)
        for _ in range(200):
            headers = {"Content-Type": "image/jpeg"}
            if have:
                headers["Content-Range"] = f"bytes {have}-{total - 1}/{total}"
                self.seen["resumed"] += 1
            status, _said = self._put(written, path, photo.body[have:], headers)
            if status in {200, 201}:
                return
            if status not in AGAIN | {0, 202, 416}:
                raise GaveUp(f"photo: {status} {_said}")
            time.sleep(PAUSE)
            receipt = self._until(written, "", written.body, {"Content-Type": "application/json"})
            missing = {m["sha"]: m["have"] for m in receipt["missing"]}
            if photo.sha not in missing:
                return
            have = missing[photo.sha] % total
        raise GaveUp("a photo did not arrive in 200 tries")

    def _until(self, written: Written, path: str, body: bytes, headers: dict) -> dict:
        """Put until there is a receipt."""
        for _ in range(500):
            status, said = self._put(written, path, body, headers)
            if status in {200, 201}:
                written.codes.add(said["code"])
                return said
            if status not in AGAIN | {0}:
                raise GaveUp(f"report: {status} {said}")
            time.sleep(PAUSE)
        raise GaveUp("a report did not arrive in 500 tries")

    def _put(self, written: Written, path: str, body: bytes, headers: dict) -> tuple[int, dict]:
        """Put once; 0 for a fault of the network or an answer that is not the commune's."""
        own = (self.address, 0)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=own)
        with closing(line):
            try:
                headers = {**headers, "X-Xaso-Outbox": "1", "Connection": "close"}
                line.request("PUT", f"{API}/{written.key}{path}", body, headers)
                answer = line.getresponse()
                is_ours = answer.headers.get("X-Xaso") == "1" or answer.status >= 400
                status, said = (answer.status if is_ours else 0), json.loads(answer.read())
            except BROKEN:
                status, said = 0, {}
        self.seen[status] += 1
        return status, said


def _drawn(die: random.Random) -> bytes:
    """Draw a picture like no other, some 20 kB."""
    size = (160, 120)
    noise = Image.frombytes("RGB", size, die.randbytes(size[0] * size[1] * 3))
    drawn = BytesIO()
    noise.resize((320, 240)).save(drawn, "JPEG", quality=70)
    return drawn.getvalue()
