"""One request to somebody else's server: bounded in time and size, never inside our own network.

The addresses come from administrators and from residents' browsers, so they are not trusted:
https only, no redirects, and only hosts whose every address is public. `XASO_PRIVATE_HOSTS` names
the exceptions (a gateway in the same machine room).
"""

import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone

from xaso.kernel.notifications.letters import NoAnswer, NotLetIn, TryLater

SECONDS = 10.0
_MOST = 64 * 1024  # bytes of an answer
_LONGEST_PAUSE = 6 * 3600.0


class NotAllowed(NotLetIn):
    """The address is not one this installation may speak to."""


@dataclass(frozen=True)
class Answer:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401
        """Return the body as JSON; raises NoAnswer for what nobody can read."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise NoAnswer(f"HTTP {self.status}, and not JSON") from error


def ask(
    method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Send one request and return the answer, whatever its status.

    Raises NotAllowed, TryLater when nothing left this machine, NoAnswer when it left in vain.
    """
    parts, address = _checked(url)
    wire = _connected(parts, address)
    watch = threading.Timer(SECONDS, _cut, [wire.sock])
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        wire.request(method, path, body=body, headers={"User-Agent": "xaso", **(headers or {})})
        response = wire.getresponse()
        content = response.read(_MOST)
        given = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, given, content)
    except (HTTPException, OSError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        watch.cancel()
        wire.close()


def pause(answer: Answer) -> float | None:
    """Return the seconds of a Retry-After header (a number or a date), at most six hours."""
    said = answer.headers.get("retry-after", "").strip()
    if not said:
        return None
    if said.isdecimal():
        return min(float(said[:9]), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(said)
        seconds = (until - timezone.now()).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_PAUSE)


def busy(answer: Answer) -> None:
    """Raise TryLater for the answers by which a server asks for patience (429, 5xx)."""
    if answer.status == 429 or answer.status >= 500:
        raise TryLater(f"HTTP {answer.status}", pause(answer))


def _checked(url: str) -> tuple[SplitResult, str]:
    """Return the parts of an address and the network address to connect to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotAllowed("not an address") from error
    is_trusted = host in settings.XASO_PRIVATE_HOSTS
    if not host or parts.scheme not in ({"http", "https"} if is_trusted else {"https"}):
        raise NotAllowed("only https")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TryLater("the name is not known") from error
    addresses = [str(row[4][0]) for row in found]
    if not is_trusted and not all(ipaddress.ip_address(each).is_global for each in addresses):
        raise NotAllowed("inside our own network")
    return parts, addresses[0]


def _connected(parts: SplitResult, address: str) -> HTTPConnection:
    """Connect to the very address that was checked; TLS proves the host's name."""
    host, is_safe = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    wire = (HTTPSConnection if is_safe else HTTPConnection)(host, port, timeout=SECONDS)
    try:
        sock = socket.create_connection((address, port), timeout=SECONDS)
        if is_safe:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError as error:
        raise TryLater(type(error).__name__) from error
    wire.sock = sock
    return wire


def _cut(sock: socket.socket) -> None:
    """End a conversation that takes too long, however slowly the other side goes on talking."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
