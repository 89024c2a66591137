"""Short-lived passes to the live stream, signed by the pages, checked by the stream's process.

No Django here: the stream's process stays small. A pass is `base64url(JSON).hex(HMAC-SHA256)`; it
must be used within a minute, and opens only the named topics of one commune.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from uuid import UUID

VALID_SECONDS = 60


class BadPass(ValueError):
    """The pass is forged, cut, or older than a minute."""


@dataclass(frozen=True)
class Pass:
    """What a connection may hear."""

    commune: UUID
    topics: frozenset[str]
    viewer: str  # key of the official or screen, for the log only

    def hears(self, commune: str, topic: str) -> bool:
        """Return whether an event is for this connection."""
        return commune == str(self.commune) and topic in self.topics


def sign(given: Pass, *, key: str, now: float | None = None) -> str:
    """Return the signed text of a pass."""
    claims = {
        "c": str(given.commune),
        "t": sorted(given.topics),
        "v": given.viewer,
        "e": int((now or time.time()) + VALID_SECONDS),
    }
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{body}.{_mac(body, key)}"


def read(text: str, *, key: str, now: float | None = None) -> Pass:
    """Return the pass of a signed text; refuses with BadPass."""
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(body, key).encode()):
        raise BadPass("The signature does not fit.")
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadPass("The pass cannot be read.") from error
    if claims["e"] < (now or time.time()):
        raise BadPass("The pass is too old.")
    return Pass(UUID(claims["c"]), frozenset(claims["t"]), claims["v"])


def _mac(body: str, key: str) -> str:
    return hmac.new(b"live\0" + key.encode(), body.encode(), hashlib.sha256).hexdigest()
