"""The test harness: a private PostgreSQL, a migrated template database, our usual people.

Loaded by pytest (`-p xaso.testing`). The suite runs as `xaso_app`, the role that owns nothing:
a test as superuser would not see a missing policy. Migrations run as `xaso_owner`.
"""

import asyncio
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from xaso.testing import demo
from xaso.testing.rewound import Rewound
from xaso.testing.server import HOME, ROOT, Server

SHARED = ROOT.parent / "shared" / "data"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw0" and so on when several run at once
os.environ["XASO_HOME"] = str(HOME / WORKER)  # files of their own: what one removes another needs
os.environ["XASO_POOL"] = "0"
os.environ.setdefault("XASO_DISK_GUARD", "0")  # how full this machine is decides no test
os.environ["XASO_KEEP_SECONDS"] = "0"  # tests read what they wrote the moment before
os.environ.setdefault("XASO_PUSH_KEY", "A" * 42 + "E")  # a private key of P-256: the number 1
for _name in ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY"):
    os.environ.setdefault(_name, f"{_name}: for tests only")
demo.begin()


# What takes longest begins, so that several processes end together. One file that asks for the
# prepared demo comes alone, beside one that does not: nobody waits while it is loaded.
_FIRST = (
    "e2e/test_every_page.py",
    "xaso/tests/test_schemathesis.py",
    "xaso/tests/test_nobody_crosses_communes.py",
    "e2e/",
    "xaso/cli/",
    "xaso/demo/",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep each file in one process when several run, and let the longest begin."""
    if not (WORKER or config.getoption("numprocesses", None)):
        return

    def place(item: pytest.Item) -> int:
        starts = (n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start))
        return next(starts, len(_FIRST))

    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    items.sort(key=place)


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


@pytest.fixture(scope="session")
def postgres_server() -> Server:
    """Return the running server of the test data home."""
    return Server()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords(django_test_environment: None) -> None:
    """Hash the passwords of invented people by the same algorithm with little memory.

    In this process only; servers that tests start hash as an installation does.
    """
    from xaso.kernel.identity.hashing import Argon2

    Argon2.memory_cost = 64


@pytest.fixture(scope="session")
def free_ports() -> Callable[[], int]:
    """Return a function that finds a free port whose follower is free too."""
    from xaso.cli.tests import ports

    return ports.free_ports


@pytest.fixture(scope="session")
def prepared_demo(postgres_server: Server) -> demo.Demo:
    """Return the tiny demo, loaded once for all: copy its database and files."""
    return demo.prepared(postgres_server)


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
    postgres_server.drop(name)


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


@pytest.fixture(scope="session")
def _rewound(postgres_server: Server) -> Iterator[Rewound]:
    kept = Rewound(postgres_server)
    yield kept
    kept.end()


@pytest.fixture
def committed(
    postgres_server: Server, _rewound: Rewound, django_db_setup: None, django_db_blocker: object
) -> Iterator[str]:
    """Work on an own database whose changes are really committed; return its address.

    For live servers, jobs, threads and browsers, which see committed rows only.
    """
    from django.db import connections

    before = dict(connections["default"].settings_dict)
    own = _rewound.take()
    url = postgres_server.url(own.name)
    _connect(url)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield url
        connections.close_all()
    connections["default"].settings_dict.update(before)
    _rewound.give_back(own)


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
