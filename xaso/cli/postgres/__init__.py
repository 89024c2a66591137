"""The launcher: a private PostgreSQL that starts with one call and loses nothing.

`ensure` finds or starts it, `stop` stops it. With DATABASE_URL set, that server is used as it is
and nothing is started or managed.
"""

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from xaso.cli import home as homes
from xaso.cli.postgres import binaries as programs
from xaso.cli.postgres import cluster, external, layout, roles
from xaso.cli.words import Trouble

NAME = "xaso"
__all__ = [
    "Running",
    "create_database",
    "drop_database",
    "ensure",
    "is_up",
    "running",
    "stop",
    "were_replaced",
]


@dataclass(frozen=True)
class Running:
    """A PostgreSQL that takes connections; addresses as libpq writes them."""

    app_url: str
    owner_url: str
    superuser_url: str  # empty for a server that is not ours
    started_by_us: bool
    version: str
    binaries: str
    socket: Path | None = None

    def for_database(self, name: str) -> "Running":
        """Return the same server with the addresses of another of its databases."""
        if self.socket is None:
            raise Trouble(
                "Máy chủ ngoài chỉ có một cơ sở dữ liệu.", "An outside server has one database."
            )
        app, owner, superuser = _addresses(self.socket, name)
        return dataclasses.replace(self, app_url=app, owner_url=owner, superuser_url=superuser)


def ensure(home: Path) -> Running:
    """Return the running database of a data home; make, start or adopt it as needed.

    Refuses (Trouble, with a sentence): a home of another checkout, a cluster of a major version
    that is not here, unsafe settings, a full disk, damaged files, no programs.
    """
    outside = os.environ.get("DATABASE_URL")
    if outside:
        return _outside(outside)
    home = home.expanduser().resolve()
    homes.claim(home)
    place = layout.of(home)
    place.make()
    with cluster.locked(place):
        running_now = _adopt(place)
        return running_now or _start(place)


def running(home: Path) -> Running | None:
    """Return the database of a data home if it runs; starts and changes nothing."""
    place = layout.of(home)
    found = cluster.answering(place)
    known = cluster.remembered(place)
    return _described(found.socket, known, started_by_us=False) if found and known else None


def stop(home: Path) -> bool:
    """Stop the private server of a data home; False when none was running."""
    place = layout.of(home)
    if not place.lock.exists():
        return False
    with cluster.locked(place):
        if cluster.postmaster(place) is None:
            return False
        known = cluster.remembered(place)
        if known is None or not (known.folder / "pg_ctl").exists():
            known = programs.choose(place, major=place.major)
        cluster.stop(place, known)
        place.forget_short_folder()
        return True


def is_up(home: Path) -> bool:
    """Whether the server's main process lives (it may still be recovering)."""
    found = cluster.postmaster(layout.of(home))
    return found is not None and cluster.is_alive(found.pid)


def were_replaced(home: Path) -> bool:
    """Whether the programs on disk changed under the running server (drain, stop, ensure)."""
    place = layout.of(home)
    return place.started.exists() and cluster.were_replaced(place)


def create_database(running: Running, name: str, template: str | None = None) -> Running:
    """Create a further database, empty but furnished, or a copy of a template; its addresses."""
    made = running.for_database(name)
    if running.socket is not None:
        with cluster.connect(running.socket) as superuser:
            roles.create(superuser, name, template)
        if template is None:
            with cluster.connect(running.socket, name=name) as inside:
                roles.furnish(inside)
    return made


def drop_database(running: Running, name: str) -> None:
    """Drop a further database, closing what is still connected to it."""
    if running.socket is not None:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with cluster.connect(running.socket) as superuser:
            superuser.execute(statement.format(sql.Identifier(name)))


def _adopt(place: layout.Layout) -> Running | None:
    """Use the server that runs already, unless its programs were replaced: then stop it."""
    found = cluster.answering(place)
    if found is None:
        return None
    if cluster.were_replaced(place):
        cluster.stop(place, programs.choose(place, major=place.major))
        return None
    return _prepared(place, found.socket, started_by_us=False)


def _start(place: layout.Layout) -> Running:
    """Start the server, making the cluster first when there is none."""
    chosen = programs.choose(place, major=place.major)
    if place.major is None:
        cluster.initialise(place, chosen)
    socket = cluster.start(place, chosen)
    return _prepared(place, socket, started_by_us=True)


def _prepared(place: layout.Layout, socket: Path, *, started_by_us: bool) -> Running:
    """Check the server's safety, see to roles and database, and describe it."""
    known = cluster.remembered(place) or programs.choose(place, major=place.major)
    try:
        with cluster.connect(socket) as superuser:
            cluster.assert_safe(superuser)
            if roles.seen_digest(superuser, NAME) != roles.digest():
                roles.prepare(superuser)
                if not roles.exists(superuser, NAME):
                    roles.create(superuser, NAME)
                with cluster.connect(socket, name=NAME) as inside:
                    roles.furnish(inside)
                roles.note_digest(superuser, NAME)
    except cluster.Unsafe:
        cluster.stop(place, known)
        raise
    return _described(socket, known, started_by_us=started_by_us)


def _described(socket: Path, known: programs.Binaries, *, started_by_us: bool) -> Running:
    """Describe a server behind a socket."""
    app, owner, superuser = _addresses(socket, NAME)
    folder = str(known.folder)
    return Running(app, owner, superuser, started_by_us, known.version, folder, socket)


def _addresses(socket: Path, name: str) -> tuple[str, str, str]:
    """Write the addresses of a database for the app, its owner and the superuser."""
    app, owner, superuser = (
        cluster.url(socket, user, name) for user in ("xaso_app", "xaso_owner", "postgres")
    )
    return app, owner, superuser


def _outside(app_url: str) -> Running:
    """Describe the server DATABASE_URL names, after checking that it will do."""
    owner_url = os.environ.get("DATABASE_OWNER_URL", "")
    version = external.check(app_url)
    return Running(app_url, owner_url, "", started_by_us=False, version=version, binaries="")
