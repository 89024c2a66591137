"""What Zalo tells about an Official Account (its webhook): read from the raw bytes, or refused.

`X-ZEvent-Signature: mac=<hex>` is the SHA-256 (no HMAC) of app id, raw body, timestamp and the
account's own secret, one after the other; app id and timestamp are fields of the body. Public
clients of 2025-2026 agree on this; some differ, so `in_formula` of the settings may say otherwise:
`oa` puts the account's id first, `header` takes the time from `X-ZEvent-Timestamp`. The prefix
`mac=` may be missing.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

LARGEST = 64 * 1024  # bytes of one event
_ARRIVED = {"user_received_message", "user_seen_message"}
_WHO = {"follow": "follower", "unfollow": "follower"} | dict.fromkeys(_ARRIVED, "recipient")


class Event(NamedTuple):
    """One event: `kind` is arrived, wrote, follow, unfollow or other; `user` Zalo's own number."""

    name: str
    kind: str
    user: str
    message: str
    tracking: str
    at: datetime


class NotZalo(Exception):
    """Whoever calls does not know the account's secret."""


class NotAnEvent(Exception):
    """The bytes are signed, or could be, but hold no event."""


def read(
    body: bytes, headers: Mapping[str, str], settings: Mapping[str, Any], secret: str
) -> Event:
    """Return the event of a request; raises NotZalo, NotAnEvent."""
    if len(body) > LARGEST:
        raise NotAnEvent
    given = headers.get("X-ZEvent-Signature", "").strip().removeprefix("mac=").lower()
    if not secret or not given:
        raise NotZalo
    said = _fields(body)
    formula = str(settings.get("in_formula") or "app")
    first = _text(settings.get("oa_id" if formula == "oa" else "app_id"))
    stamp = _text(said.get("timestamp"))
    signed = headers.get("X-ZEvent-Timestamp", "") if formula == "header" else stamp
    right = hashlib.sha256(first.encode() + body + signed.encode() + secret.encode()).hexdigest()
    is_app = _text(said.get("app_id")) == _text(settings.get("app_id"))
    if not hmac.compare_digest(given.encode(), right.encode()) or not is_app:
        raise NotZalo
    return _event(said, stamp)


def _event(said: Mapping[str, Any], stamp: str) -> Event:
    name = _text(said.get("event_name"))
    try:
        at = datetime.fromtimestamp(int(stamp[:16]) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotAnEvent from error
    if not name:
        raise NotAnEvent
    message = _inside(said, "message")
    number = _text(message.get("msg_id")) or _text(said.get("msg_id"))
    tracking = _text(message.get("tracking_id")) or _text(said.get("tracking_id"))
    user = _text(_inside(said, _WHO.get(name, "sender")).get("id"))
    return Event(name[:60], _kind(name), user[:80], number[:120], tracking[:80], at)


def _kind(name: str) -> str:
    if name in _ARRIVED:
        return "arrived"
    if name.startswith("user_send_"):
        return "wrote"
    return name if name in {"follow", "unfollow"} else "other"


def _fields(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnEvent from error
    if not isinstance(said, dict):
        raise NotAnEvent
    return said


def _inside(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).encode("utf-8", "replace").decode().strip() if is_plain else ""
