"""Fetch one picture from an address a stranger wrote, and nothing else.

The name is resolved once, every address it has must be public, and the connection goes to the
address that was checked: a name that changes its mind between two questions leads nowhere inside.
No redirect is followed, no more than 15 MB are read, and the whole takes ten seconds at most.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit

MOST_BYTES = 15 * 1024 * 1024
SECONDS = 10.0
_PORTS = {"http": 80, "https": 443}
_TYPES = ("image/", "application/octet-stream")
# Addresses that carry an IPv4 address inside: what they lead to cannot be told from outside.
_CARRIERS = [
    ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]
_PIECE = 64 * 1024

Address = IPv4Address | IPv6Address


class NotFetched(Exception):
    """The picture was not fetched; `reason` is a word for the log, never the address."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(reason)


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the open Internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or any(address in net for net in _CARRIERS):
            return False
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@dataclass(frozen=True)
class Fetcher:
    """How strangers' pictures are fetched; tests let it reach a server of their own."""

    is_allowed: Callable[[Address], bool] = is_public
    is_any_port: bool = False
    seconds: float = SECONDS
    most: int = MOST_BYTES

    def fetch(self, url: str) -> bytes:
        """Return the bytes of a picture. Refuses with NotFetched."""
        parts, port = self._checked(url)
        host = str(parts.hostname)
        address = self._address(host, port)
        connection = _Pinned(host, port, str(address), is_secure=parts.scheme == "https")
        connection.timeout = self.seconds
        alarm = threading.Timer(self.seconds, connection.cut)
        alarm.daemon = True
        alarm.start()
        try:
            body = self._read(connection, parts)
        except (OSError, HTTPException, ValueError) as error:
            raise NotFetched("no_answer") from error
        finally:
            alarm.cancel()
            connection.close()
        if connection.is_cut:
            raise NotFetched("no_answer")
        return body

    def _checked(self, url: str) -> tuple[SplitResult, int]:
        """Return the parts of a lawful address and its port."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise NotFetched("bad_address") from error
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
            raise NotFetched("bad_address")
        if port not in _PORTS.values() and not self.is_any_port:
            raise NotFetched("bad_port")
        return parts, port

    def _address(self, host: str, port: int) -> Address:
        """Resolve a name once; one address inside is enough to refuse it."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
        except (OSError, UnicodeError, ValueError) as error:
            raise NotFetched("no_such_host") from error
        if not addresses or not all(self.is_allowed(address) for address in addresses):
            raise NotFetched("not_public")
        return addresses[0]

    def _read(self, connection: "_Pinned", parts: SplitResult) -> bytes:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        headers = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "XaSo"}
        connection.request("GET", path + query, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise NotFetched("redirect" if response.status // 100 == 3 else "not_there")
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise NotFetched("packed")
        if not response.getheader("Content-Type", _TYPES[1]).lower().startswith(_TYPES):
            raise NotFetched("no_picture")
        return self._body(response)

    def _body(self, response: HTTPResponse) -> bytes:
        body = b""
        while piece := response.read(_PIECE):
            body += piece
            if len(body) > self.most:
                raise NotFetched("too_big")
        if response.length or not body:  # cut short: less came than was announced
            raise NotFetched("no_answer")
        return body


class _Pinned(HTTPConnection):
    """A connection to one address that was looked at, under the name it was looked up by."""

    def __init__(self, host: str, port: int, address: str, *, is_secure: bool) -> None:
        super().__init__(host, port)
        self.address = address
        self.is_secure = is_secure
        self.is_cut = False

    def connect(self) -> None:
        """Connect; a certificate must be of the name, not of the address."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """End the connection from outside: somebody sends drop by drop."""
        self.is_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()
