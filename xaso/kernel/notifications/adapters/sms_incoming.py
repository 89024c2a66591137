"""Texts a gateway hands over (a webhook): from whom, what they say, that they are the gateway's.

Settings of the SMS account: `in_sender`, `in_text`, `in_id` (names of the fields, in a form or in
JSON; `data.from` goes deeper), `in_header` and `in_proof`: `secret` (the header holds the secret)
or `hmac` (the header holds the HMAC-SHA256 of the body in hex, maybe after `sha256=`). Without a
secret of its own the door is closed.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from xaso.kernel.notifications.channels import INBOUND_HEADER

LARGEST = 16 * 1024  # bytes of one text with everything around it
_LONGEST = 1_000
NAMES = {"in_sender": "from", "in_text": "text", "in_id": "id"}


class Text(NamedTuple):
    """A text as it came; `id` is the gateway's number for it, empty where it names none."""

    sender: str
    text: str
    id: str


class NotTheGateway(Exception):
    """Whoever calls does not know the secret."""


class NotAText(Exception):
    """The body has no sender or no text under the names we were told."""


def read(body: bytes, headers: Mapping[str, str], settings: Mapping[str, Any], secret: str) -> Text:
    """Return the text of a request; raises NotTheGateway, NotAText."""
    given = headers.get(str(settings.get("in_header") or INBOUND_HEADER), "")
    if not secret or not _is_proof(given, body, secret, str(settings.get("in_proof", ""))):
        raise NotTheGateway
    said = _fields(body, headers.get("Content-Type", ""))
    found = {name: _value(said, str(settings.get(name) or usual)) for name, usual in NAMES.items()}
    if not found["in_sender"] or not found["in_text"]:
        raise NotAText
    return Text(found["in_sender"][:40], found["in_text"][:_LONGEST], found["in_id"][:120])


def _is_proof(given: str, body: bytes, secret: str, kind: str) -> bool:
    if kind != "hmac":
        return hmac.compare_digest(given.encode(), secret.encode())
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.removeprefix("sha256=").lower().encode(), right.encode())


def _fields(body: bytes, kind: str) -> Mapping[str, Any]:
    try:
        text = body.decode()
        said = json.loads(text) if "json" in kind else dict(parse_qsl(text, max_num_fields=50))
    except (ValueError, RecursionError) as error:
        raise NotAText from error
    if not isinstance(said, dict):
        raise NotAText
    return said


def _value(said: Mapping[str, Any], path: str) -> str:
    found: Any = said
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return _storable(str(found)) if isinstance(found, str | int) else ""


def _storable(text: str) -> str:
    """Return a text a database keeps: half a sign (cut between two parts) and NUL become "?"."""
    whole = text.encode("utf-8", "replace").decode()
    return whole.replace("\0", "?").strip()
