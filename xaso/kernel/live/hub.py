"""Who is connected and what they hear: a ring of the last events and a queue per connection."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from xaso.kernel.live.tokens import Pass

RING = 1_000  # events kept for those who come back
QUEUE = 100  # events a slow connection may lag behind before it is dropped


@dataclass(frozen=True)
class Event:
    """One announcement; the number counts since the process started."""

    number: int
    commune: str
    topic: str
    data: str


@dataclass(eq=False)
class Listener:
    """One open connection."""

    pass_: Pass
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    is_dropped: bool = False


class Hub:
    """Hands each announcement to the connections that may hear it."""

    def __init__(self) -> None:
        """Start empty, under a new name: numbers of an earlier process mean nothing here."""
        self.name = secrets.token_hex(4)
        self.count = 0
        self.ring: deque[Event] = deque(maxlen=RING)
        self.listeners: set[Listener] = set()

    def publish(self, text: str) -> None:
        """Take one announcement from the database; what cannot be read is left out."""
        try:
            body = json.loads(text)
            commune, topic = str(body["c"]), str(body["t"])
        except (ValueError, KeyError, TypeError):
            return
        self.count += 1
        data = json.dumps({"topic": topic, "data": body.get("p", {})}, ensure_ascii=False)
        event = Event(self.count, commune, topic, data)
        self.ring.append(event)
        frame = self.frame(event)
        for listener in list(self.listeners):
            if listener.pass_.hears(commune, topic):
                self._give(listener, frame)

    def reload_all(self) -> None:
        """Ask every page to fetch everything: events may have been missed."""
        for listener in list(self.listeners):
            self._give(listener, b"event: reload\ndata: {}\n\n")

    def frame(self, event: Event) -> bytes:
        """Return an event as it goes over the wire (WHATWG HTML, server-sent events)."""
        return f"id: {self.name}-{event.number}\ndata: {event.data}\n\n".encode()

    def missed(self, listener: Listener, last_id: str) -> Iterator[bytes]:
        """Yield what a returning connection missed, or "reload" when that is not known."""
        if not last_id:
            return
        name, _, number = last_id.rpartition("-")
        oldest = self.ring[0].number if self.ring else self.count + 1
        if name != self.name or not number.isdigit() or int(number) < oldest - 1:
            yield b"event: reload\ndata: {}\n\n"
            return
        for event in self.ring:
            if event.number > int(number) and listener.pass_.hears(event.commune, event.topic):
                yield self.frame(event)

    def _give(self, listener: Listener, frame: bytes) -> None:
        try:
            listener.queue.put_nowait(frame)
        except asyncio.QueueFull:
            # It reads too slowly; closed, it comes back and is told to reload.
            listener.is_dropped = True
            self.listeners.discard(listener)
