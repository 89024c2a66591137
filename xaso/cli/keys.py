"""The installation's keys: made once, kept in files only their owner can read."""

import base64
import os
import secrets
from importlib import import_module
from pathlib import Path

from xaso.cli.words import Trouble

NAMES = ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY")
# Web Push (RFC 8292): opens no data, so a lost one is made anew; browsers then have to agree again.
PUSH = "XASO_PUSH_KEY"
FOLDER = "secrets"
CLOSED = 0o600


def file_of(home: Path, name: str) -> Path:
    """Return the file below the data home that holds a key."""
    return home / FOLDER / name.lower()


def prepare(home: Path, *, has_data: bool) -> list[Path]:
    """Make the keys that neither the environment nor a file holds; return the new files.

    Refuses to make a new field or index key beside data sealed under a lost one.
    """
    missing = lacking(home)
    if has_data and any(name != "XASO_SECRET_KEY" for name in missing):
        raise KeyLost(home, missing)
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [_write(file_of(home, name), secrets.token_urlsafe(48)) for name in missing]
    if not _is_given(PUSH) and not file_of(home, PUSH).exists():
        made.append(_write(file_of(home, PUSH), _push_key()))
    return made


def lacking(home: Path) -> list[str]:
    """Return the names of keys that neither the environment nor a file holds."""
    return [name for name in NAMES if not _is_given(name) and not file_of(home, name).exists()]


def open_to_others(home: Path) -> list[Path]:
    """Return key files that others than their owner can read or change."""
    folder = home / FOLDER
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [file for file in files if file.stat().st_mode & 0o077]


def _is_given(name: str) -> bool:
    """Whether the environment brings the key itself or names its file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _push_key() -> str:
    """Return a private key of P-256 as other tools write it: 32 bytes in base64url."""
    ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")  # slow, and needed once
    number: int = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _write(file: Path, key: str) -> Path:
    """Write a key to a new file of mode 0600; never over an existing one."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(file, flags, CLOSED), "w") as stream:
        stream.write(key + "\n")
    return file


class KeyLost(Trouble):
    """The data are there and the keys that open them are not."""

    def __init__(self, home: Path, missing: list[str]) -> None:
        """Word the sentence."""
        names = ", ".join(file_of(home, name).name for name in missing)
        super().__init__(
            f"Thiếu khoá {names} trong {home / FOLDER} dù dữ liệu đã có. Khoá mới sẽ không mở được "
            "dữ liệu cũ: hãy chép lại bản khoá đã cất ở nơi khác vào thư mục đó.",
            f"The keys {names} are missing from {home / FOLDER} although there are data. New keys "
            "would not open them: please put back the copy that is kept elsewhere.",
        )
