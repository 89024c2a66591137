"""Ports for servers that tests start."""

import secrets
import socket
from contextlib import closing

# Linux gives 32768 and above to outgoing connections: a port it chose and got back may be taken by
# a browser before our server binds it. By chance, since several processes look at the same moment.
PORTS = range(20_000, 32_000, 2)


def free_ports() -> int:
    """Return a port whose follower is free too: the pages', and the live stream's."""
    for _ in range(200):
        port = secrets.choice(PORTS)
        if is_free(port) and is_free(port + 1):
            return port
    raise AssertionError("no two ports in a row are free")


def is_free(port: int) -> bool:
    """Return whether nobody listens on a port of this machine."""
    with closing(socket.socket()) as door:
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
