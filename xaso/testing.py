"""The test harness: a private PostgreSQL, a migrated template database, our usual people.

Loaded by pytest (`-p xaso.testing`). The suite runs as `xaso_app`, the role that owns nothing:
a test as superuser would not see a missing policy. Migrations run as `xaso_owner`.
"""

import asyncio
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
HOME = Path(os.environ.get("XASO_TEST_HOME", ROOT / ".home-test"))
TEMPLATE = "xaso_template"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw0" and so on when several run at once
os.environ["XASO_HOME"] = str(HOME / WORKER)  # files of their own: what one removes another needs
os.environ["XASO_POOL"] = "0"
os.environ.setdefault("XASO_DISK_GUARD", "0")  # how full this machine is decides no test
os.environ["XASO_KEEP_SECONDS"] = "0"  # tests read what they wrote the moment before
os.environ.setdefault("XASO_PUSH_KEY", "A" * 42 + "E")  # a private key of P-256: the number 1
for _name in ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY"):
    os.environ.setdefault(_name, f"{_name}: for tests only")


# Tests that stay in one process when several run: they share something dear to build.
_TOGETHER = ("e2e/", "xaso/cli/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep each file in one process when several run, and let the longest begin."""
    if not (WORKER or config.getoption("numprocesses", None)):
        return

    def place(item: pytest.Item) -> str:
        path = item.nodeid.partition("::")[0]
        return next((start for start in _TOGETHER if path.startswith(start)), path)

    for item in items:
        item.add_marker(pytest.mark.xdist_group(place(item)))
    items.sort(key=lambda item: place(item) not in _TOGETHER)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hide the loop a browser keeps in this thread from tests that need none of it.

    Libraries ask for a loop of their own there (signatures), and are refused while one runs. And
    Django keeps one connection for code beside a loop and another for code without: what a module
    set up must be seen by its tests, so the whole of a test is wrapped, with all its fixtures.
    """
    if item.get_closest_marker("browser") or "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    running = asyncio._get_running_loop()  # noqa: SLF001
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(running)  # noqa: SLF001


def shared(name: str) -> Path:
    """Return a file of the shared test vectors; skip the test where they are absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared test vectors are not here: {name}")
    return path


def _digest() -> str:
    """Return a digest of everything that decides what the migrated database looks like."""
    seen = hashlib.sha256()
    for file in sorted((ROOT / "xaso").rglob("migrations/*.py")):
        seen.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    for file in (ROOT / "xaso/kernel/tenancy/operations.py", ROOT / "requirements.txt"):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]


def _wait_for_disk(socket: Path, value: str) -> None:
    """Let the server wait for the disk at each commit, or not: nothing here outlives the tests.

    The setting is not kept: a server that starts again is safe again.
    """
    from xaso.cli.postgres import cluster

    with cluster.connect(socket) as superuser:
        for name in ("fsync", "full_page_writes"):
            superuser.execute(f"ALTER SYSTEM SET {name} = {value}")
        superuser.execute("SELECT pg_reload_conf()")
        until = time.monotonic() + 10
        while superuser.execute("SHOW full_page_writes").fetchone() != (value,):
            if time.monotonic() > until:
                raise RuntimeError("PostgreSQL did not take the setting.")
            time.sleep(0.01)
        for name in ("fsync", "full_page_writes"):
            superuser.execute(f"ALTER SYSTEM RESET {name}")
    (HOME / "boot").write_text(_boot())


def _boot() -> str:
    """Return what tells this start of the machine from others, where the system says it."""
    told = Path("/proc/sys/kernel/random/boot_id")
    return told.read_text() if told.exists() else ""


def _forget_after_power_cut() -> None:
    """Begin anew when the machine stopped under a server that did not wait for the disk."""
    last = HOME / "boot"
    is_cut = (HOME / "pg" / "data" / "postmaster.pid").exists()
    if is_cut and last.exists() and last.read_text() != _boot():
        for part in HOME.iterdir():
            if part.name != "tests.lock":
                shutil.rmtree(part) if part.is_dir() else part.unlink()


class Server:
    """The private PostgreSQL of this checkout and its databases."""

    def __init__(self) -> None:
        """Start the server, or adopt the one that runs."""
        from xaso.cli import postgres

        self.postgres = postgres
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / "tests.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another run may begin beside this one
            _forget_after_power_cut()
            earlier = postgres.running(HOME)
            if earlier is not None and earlier.socket is not None:
                _wait_for_disk(earlier.socket, "on")  # an unsafe server would not be adopted
            self.running = postgres.ensure(HOME)
            if self.running.socket is not None:
                _wait_for_disk(self.running.socket, "off")
            self.template()

    def url(self, name: str, role: str = "xaso_app") -> str:
        """Return the address of a database for a role."""
        socket = urlsplit(self.running.app_url).query
        return f"postgresql://{role}@/{name}?{socket}"

    def template(self) -> str:
        """Return the migrated template database, made anew when a migration changed."""
        name = f"{TEMPLATE}_{_digest()}"
        done = HOME / f"{name}.done"
        if not done.exists():
            self.postgres.drop_database(self.running, name)
            self.postgres.create_database(self.running, name)
            env = os.environ | {"DATABASE_URL": self.url(name, "xaso_owner")}
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--skip-checks", "-v", "0"],
                check=True,
                env=env,
                cwd=ROOT,
            )
            done.touch()
        return name

    def copy(self, name: str) -> None:
        """Make a database a fresh copy of the template."""
        self.postgres.drop_database(self.running, name)
        self.postgres.create_database(self.running, name, template=self.template())


@pytest.fixture(scope="session")
def postgres_server() -> Server:
    """Return the running server of the test data home."""
    return Server()


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: Server, django_db_blocker: object) -> Iterator[None]:
    """Point Django at a fresh copy of the template, as xaso_app."""
    name = f"xaso_test_{os.getpid()}"
    postgres_server.copy(name)
    _connect(postgres_server.url(name))
    yield
    from django.db import connections

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
    postgres_server.postgres.drop_database(postgres_server.running, name)


def _settings(url: str) -> dict[str, str]:
    """Return Django's words for a libpq address."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    words = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    return {ours: str(parts[theirs]) for theirs, ours in words.items() if parts.get(theirs)}


def _connect(url: str) -> None:
    from django.db import connections

    connection = connections["default"]
    connection.close()
    new = _settings(url)
    for key in ("NAME", "USER", "HOST", "PORT", "PASSWORD"):
        connection.settings_dict[key] = new.get(key, "")


@pytest.fixture(autouse=True)
def _nothing_remembered(request: pytest.FixtureRequest) -> None:
    """Begin with what lives outside the test's transaction emptied: tries, known communes."""
    # A fixture may ask for "db" while it runs; then its own name is all that can be seen here.
    asks = request.node.get_closest_marker("django_db") or (
        {"db", "open_commune"} & set(request.fixturenames)
    )
    if not asks and "committed" not in request.fixturenames:
        return
    request.getfixturevalue("django_db_setup")
    from xaso.dossiers import catalogue
    from xaso.kernel.identity.actions import tries
    from xaso.kernel.voices import queries as voices
    from xaso.kernel.web.middleware import directory
    from xaso.reports.routing import reading

    directory.forget()
    voices.forget()
    catalogue.forget()
    reading.rules_of.cache_clear()  # another database has other rows under the same numbers
    if asks:
        tries.forget_all()


@pytest.fixture
def committed(
    postgres_server: Server, django_db_setup: None, django_db_blocker: object
) -> Iterator[str]:
    """Work on an own database whose changes are really committed; return its address.

    For live servers, jobs, threads and browsers, which see committed rows only.
    """
    from django.db import connections

    before = dict(connections["default"].settings_dict)
    name = f"xaso_own_{uuid4().hex[:12]}"
    postgres_server.copy(name)
    url = postgres_server.url(name)
    _connect(url)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield url
        connections.close_all()
    connections["default"].settings_dict.update(before)
    postgres_server.postgres.drop_database(postgres_server.running, name)


@pytest.fixture
def connect_as(postgres_server: Server, committed: str) -> Callable[[str], None]:
    """Return a function that goes on in the same database as another role (`postgres`, …)."""
    name = urlsplit(committed).path[1:]
    return lambda role: _connect(postgres_server.url(name, role))


@pytest.fixture
def open_commune(request: pytest.FixtureRequest) -> Callable[[str, str], object]:
    """Return a function that opens a commune by national code and slug."""
    request.getfixturevalue("committed" if "committed" in request.fixturenames else "db")
    from datetime import date

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.places import actions

    def opened(code: str, slug: str) -> object:
        return actions.open_commune(code, slug, by=SYSTEM, on=date(2026, 11, 1), is_demo=True)

    return opened


@pytest.fixture
def binh_lu(open_commune: Callable[[str, str], object]) -> object:
    """Return the commune Bình Lư."""
    return open_commune("03390", "binh-lu")


@pytest.fixture
def ban_bo(open_commune: Callable[[str, str], object]) -> object:
    """Return the commune Bản Bo."""
    return open_commune("03424", "ban-bo")


@pytest.fixture
def tan_phong(open_commune: Callable[[str, str], object]) -> object:
    """Return the ward Tân Phong."""
    return open_commune("03408", "tan-phong")


@pytest.fixture
def inside_binh_lu(binh_lu: object) -> Iterator[object]:
    """Run the test inside Bình Lư."""
    from xaso.kernel.tenancy import actions as tenancy

    with tenancy.inside(binh_lu.id):  # type: ignore[attr-defined]
        yield binh_lu


@pytest.fixture
def official(request: pytest.FixtureRequest) -> Callable[..., object]:
    """Return a function that opens an account with a role in a commune, by default an officer's."""
    from itertools import count

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.identity import actions as identity
    from xaso.kernel.tenancy import actions as tenancy

    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")
    numbers = count(1)

    def opened(role: str, commune: object, *, full_name: str = "Tẩn A Sơn") -> object:
        new = identity.NewOfficial(f"can.bo.{role}.{next(numbers)}", full_name)
        password = "nuong ngo tren suon nui"  # noqa: S105
        with tenancy.inside(commune.id):  # type: ignore[attr-defined]
            person, _ = identity.add_official(new, commune=commune, by=SYSTEM, password=password)  # type: ignore[arg-type]
            if role == "province_viewer":
                identity.grant_province_view(person, commune, by=SYSTEM)  # type: ignore[arg-type]
            else:
                identity.give_role(person, role, commune=commune, by=SYSTEM)  # type: ignore[arg-type]
        return person

    return opened


@pytest.fixture
def client_of() -> Callable[[object], object]:
    """Return a function that gives a browser in which an official has signed in."""
    from django.test import Client

    def signed_in(person: object) -> object:
        client = Client(raise_request_exception=False)
        client.force_login(
            person,  # type: ignore[arg-type]
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return signed_in
