"""Try to get out of the sandbox; say `shut` when that fails as it must."""

import os
import socket
import subprocess
import sys
import tempfile

from xaso.kernel.attachments.sandbox.limits import MEMORY, shut_in


def network() -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def program() -> None:
    subprocess.run(["true"], check=True)


def memory() -> None:
    bytearray(MEMORY)


def file() -> None:
    with tempfile.TemporaryFile() as out:
        out.write(b"x" * 1_000_000)
        out.flush()


def secrets() -> None:
    if not any(name.startswith(("XASO_", "DATABASE")) for name in os.environ):
        raise PermissionError


if __name__ == "__main__":
    shut_in()
    try:
        globals()[sys.argv[1]]()
    except ConnectionRefusedError:
        print("open")
    except (OSError, MemoryError):
        print("shut")
    else:
        print("open")
