"""The communes by slug and host, remembered for a few seconds: every request asks."""

import copy
import time
from threading import Lock

from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune

SECONDS = 10.0

_lock = Lock()
_known: dict[tuple[str, str], tuple[float, Commune | None]] = {}
_MOST = 4_000  # strangers may ask for any word; forget everything rather than grow


def by_slug(slug: str) -> Commune | None:
    """Return the commune whose addresses start with this segment."""
    return _remembered("slug", slug)


def by_host(host: str) -> Commune | None:
    """Return the commune that has this host for itself."""
    return _remembered("host", host)


def last_seen(path: str) -> Commune | None:
    """Return the commune of a path as last seen, without asking the database."""
    with _lock:
        known = _known.get(("slug", path.strip("/").partition("/")[0]))
    return known[1] if known else None


def forget() -> None:
    """Forget what was remembered: a commune changed, or a test ended."""
    with _lock:
        _known.clear()


def _remembered(kind: str, word: str) -> Commune | None:
    key, now = (kind, word), time.monotonic()
    with _lock:
        until, commune = _known.get(key, (0.0, None))
    if until <= now:
        commune = places.commune_by_slug(word) if kind == "slug" else places.commune_by_host(word)
        with _lock:
            if len(_known) >= _MOST:
                _known.clear()
            _known[key] = (now + SECONDS, commune)
    # A copy: a form bound to the commune of one request must not change it for the next.
    return copy.copy(commune)
