"""One snapshot per board for every screen: built when something changed, at most once a second.

A web process keeps the last one for a second and asks the database again then. The table holds it
for all processes; whoever finds it outdated takes an advisory lock and builds, the others go on
showing what there is. So the work does not grow with the number of screens.
"""

import gzip
import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max

from xaso.ioc import actions, overview, picture
from xaso.ioc.models import OVERVIEW, Snapshot
from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.models import ReportEvent

FRESH = timedelta(seconds=1)  # between two buildings
OLD = timedelta(seconds=30)  # deadlines pass without anyone acting: look again
_KEPT_SECONDS = 1.0
_HEARD = 50  # changes a process remembers to have looked for


@dataclass(frozen=True)
class Shown:
    """A snapshot as it goes over the wire: gzipped JSON and its ETag.

    `again_in_ms` is more than 0 when a change came within a second after it was built: a screen
    asks again then.
    """

    etag: str
    body: bytes
    as_of: datetime
    again_in_ms: int = 0

    def parts(self) -> Mapping[str, str]:
        """Return the HTML of the board's parts, with their time filled in."""
        said: Mapping[str, str] = json.loads(gzip.decompress(self.body))["parts"]
        filled = f"{picture.AS_OF[:-7]}{dates.gio(self.as_of)}</time>"
        return {name: html.replace(picture.AS_OF, filled) for name, html in said.items()}


@dataclass
class _Kept:
    shown: Shown
    asked_at: float  # when the database was asked whether it still holds
    heard: deque[str] = field(default_factory=lambda: deque(maxlen=_HEARD))

    def serves(self, told_of: str, now: float) -> bool:
        """Return whether a screen may have this one without asking the database again."""
        age = now - self.asked_at
        if self.shown.again_in_ms:
            return age * 1000 < self.shown.again_in_ms
        return told_of in self.heard if told_of else age < _KEPT_SECONDS


_kept: dict[tuple[UUID, str], _Kept] = {}
_locks: dict[UUID, threading.Lock] = {}


def current(commune: Commune, board: str = OVERVIEW, *, told_of: str = "") -> Shown:
    """Return the snapshot of a board.

    `told_of` names the change a screen heard of. The first screen that names it has the snapshot
    compared with the database; all others that name the same change get what the first one got.
    Screens that heard of nothing get one that was compared within the last second.
    """
    key = (commune.id, board)
    kept = _kept.get(key)
    if kept and kept.serves(told_of, time.monotonic()):
        return kept.shown
    with _locks.setdefault(commune.id, threading.Lock()):
        kept = _kept.get(key)
        if kept is None or not kept.serves(told_of, time.monotonic()):
            asked_at = time.monotonic()
            heard = kept.heard if kept else deque(maxlen=_HEARD)
            kept = _kept[key] = _Kept(_renewed(commune, board), asked_at, heard)
            if told_of:
                heard.append(told_of)
        return kept.shown


def forget() -> None:
    """Forget what this process keeps."""
    _kept.clear()
    picture.forget()


def stamp(commune: UUID) -> str:
    """Return what tells one state of the commune's reports from another.

    The key of the last event alone would miss a step that took its key earlier and was committed
    later; so the steps of the last hour are counted too.
    """
    recent = ReportEvent.objects.filter(
        commune=commune, server_time__gt=clock.now() - timedelta(hours=1)
    )
    found = recent.aggregate(last=Max("id"), n=Count("id"))
    return f"{found['last'] or 0}-{found['n']}"


def _renewed(commune: Commune, board: str) -> Shown:
    """Return the table's snapshot, built anew when it is outdated and nobody else builds it."""
    row = Snapshot.objects.filter(commune=commune, board=board).first()
    newest = stamp(commune.id)
    if row is None:
        return _built(commune, board, newest)
    age = clock.now() - row.built_at
    if row.stamp == newest and timedelta(0) <= age < OLD:
        return _shown(row)
    if age < FRESH:
        return _shown(row, FRESH - age)
    if not _is_my_turn(commune.id, board):
        return _shown(row, FRESH / 4)
    return _built(commune, board, newest)


def _is_my_turn(commune: UUID, board: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"ioc:{commune}:{board}"]
        )
        return bool(cursor.fetchone()[0])


def _built(commune: Commune, board: str, newest: str) -> Shown:
    now = clock.now()
    content = picture.parts(commune, overview.read(commune, now))
    plain = json.dumps({"parts": content}, ensure_ascii=False).encode()
    shown = Shown(hashlib.sha256(plain).hexdigest()[:32], gzip.compress(plain, 6, mtime=0), now)
    actions.keep_snapshot(commune, board, newest, shown)
    return shown


def _shown(row: Snapshot, wait: timedelta = timedelta(0)) -> Shown:
    milliseconds = max(0, round(wait.total_seconds() * 1000))
    return Shown(row.etag, bytes(row.body), row.built_at, milliseconds)
