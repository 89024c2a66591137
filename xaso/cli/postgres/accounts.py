"""Which operating system user runs PostgreSQL: never root."""

import contextlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from xaso.cli.words import Trouble


class Identity(TypedDict, total=False):
    """Arguments of subprocess that make a child another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int

    def identity(self) -> Identity:
        """Arguments that start a child as this user; empty when we are that user already."""
        if self.uid == os.geteuid():
            return {}
        groups = os.getgrouplist(self.name, self.gid)
        return {"user": self.uid, "group": self.gid, "extra_groups": groups}


def myself() -> Account:
    """Return the user of this process."""
    return _by_uid(os.geteuid())


def server_of(data: Path) -> Account:
    """Choose the server's user: the cluster's owner, XASO_PG_USER, `postgres`, else `nobody`.

    An ordinary user always runs the server as themselves. Refuses another user's cluster.
    """
    owner = _owner(data)
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Trouble(
                f"Dữ liệu ở {data} thuộc về người dùng khác. Hãy chạy lệnh bằng người dùng đó.",
                f"The data at {data} belong to another user. Please run the command as that user.",
            )
        return myself()
    if owner:
        return _by_uid(owner)
    return _dedicated()


def _dedicated() -> Account:
    """Choose whom root lets run the server."""
    wanted = os.environ.get("XASO_PG_USER")
    for name in (wanted,) if wanted else ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid:
                return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "PostgreSQL không được chạy bằng root. Hãy đặt XASO_PG_USER là một người dùng thường.",
        "PostgreSQL must not run as root. Please set XASO_PG_USER to an ordinary user.",
    )


def give(path: Path, account: Account) -> None:
    """Make a folder of ours belong to the server's user (only root needs and can do it)."""
    if os.geteuid() == 0 and path.lstat().st_uid != account.uid:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _owner(path: Path) -> int | None:
    """Uid that owns a path; None when it does not exist."""
    try:
        return path.stat().st_uid
    except (FileNotFoundError, PermissionError):
        return None


def _by_uid(uid: int) -> Account:
    """Look a user up; PostgreSQL itself needs the name for its socket's peer check."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Trouble(
            f"Người dùng số {uid} không có tên trong /etc/passwd nên PostgreSQL không chạy được.",
            f"User number {uid} has no name in /etc/passwd, so PostgreSQL cannot run.",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
