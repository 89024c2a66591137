"""A Zalo that reports events: signed as it should be, wrongly, again, late, or broken."""

import hashlib
import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.test import Client

from xaso.kernel.working_time import clock

_numbers = count(1)


@dataclass
class Events:
    """Posts events to one commune's door, signed with the account's secret."""

    url: str
    secret: str
    app_id: str = "12345"

    def report(self, name: str, user: str = "u-7", *, ago: float = 0, **more: Any):
        """Report one event that happened `ago` seconds ago; return the commune's answer."""
        who = "follower" if "follow" in name else "recipient" if "received" in name else "sender"
        said = {
            "app_id": self.app_id,
            "event_name": name,
            who: {"id": user},
            "timestamp": str(int((clock.now().timestamp() - ago) * 1000)),
        }
        return self.post(json.dumps(said | more, ensure_ascii=False).encode())

    def writes(self, text: str, user: str = "u-7", **more: Any):
        """Let a user write to the account."""
        message = {"text": text, "msg_id": f"w{next(_numbers)}"}
        return self.report("user_send_text", user, message=message, **more)

    def post(self, body: bytes, mac: str = "", **headers: str):
        """Post whatever bytes there are, under the right signature or the one that is given."""
        mac = mac or f"mac={self.sign(body)}"
        given = {"X-ZEvent-Signature": mac, **headers}
        client = Client(enforce_csrf_checks=True)
        return client.post(self.url, body, content_type="application/json", headers=given)

    def sign(self, body: bytes, first: str = "", stamp: str = "") -> str:
        """Return the hex of Zalo's formula over these bytes."""
        try:
            stamp = stamp or json.loads(body)["timestamp"]
        except (ValueError, KeyError, TypeError):
            stamp = ""
        first = first or self.app_id
        return hashlib.sha256(first.encode() + body + f"{stamp}{self.secret}".encode()).hexdigest()
