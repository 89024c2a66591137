"""Where a page finds its live stream."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from xaso.kernel.live import tokens


def address(host: str, *, topics: Iterable[str], commune: UUID, viewer: str) -> str:
    """Return the address of the stream with a fresh pass (good for a minute).

    `host` is the page's own host name with port. Behind a proxy the stream has the address of
    `XASO_LIVE_URL`; without one it listens on the next port of the same host.
    """
    given = tokens.Pass(commune, frozenset(topics), viewer)
    query = urlencode({"token": tokens.sign(given, key=settings.SECRET_KEY)})
    if settings.XASO_LIVE_URL:
        return f"{settings.XASO_LIVE_URL}?{query}"
    name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    return f"http://{name}:{settings.XASO_PORT + 1}/live?{query}"
