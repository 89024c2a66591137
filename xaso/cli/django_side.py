"""Load Django inside the command line itself, for commands that ask the rooms."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django
import psycopg
from django.utils import translation

from xaso.cli import home as homes
from xaso.cli import keys, postgres
from xaso.cli.postgres import Running
from xaso.cli.running import SETTINGS, environment, plan
from xaso.cli.words import Trouble, language

if TYPE_CHECKING:
    from xaso.kernel.audit.actors import Actor
    from xaso.kernel.places.models import Commune

STAND_IN = "stand-in: this command seals and signs nothing"


@contextmanager
def with_database() -> Iterator[Running]:
    """Load Django on the installation's database, started for the time if it is not running."""
    home = homes.default()
    running = postgres.ensure(home)
    try:
        missing = keys.lacking(home)
        if missing:
            raise keys.KeyLost(home, missing)
        refuse_without_tables(running)
        _load(environment(plan(), running))
        yield running
    finally:
        if running.started_by_us:
            postgres.stop(home)


def refuse_without_tables(running: Running) -> None:
    """Refuse a database that no migration has reached yet."""
    with psycopg.connect(running.app_url, autocommit=True) as connection:
        row = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    if row is None or row[0] is None:
        raise Trouble(
            "Cơ sở dữ liệu chưa có bảng: hãy chạy `xaso migrate` hoặc `xaso restore`.",
            "The database has no tables yet: please run `xaso migrate` or `xaso restore`.",
        )


def without_database() -> None:
    """Load Django for answers that need neither database nor keys."""
    home = homes.default()
    lacking = dict.fromkeys(keys.lacking(home), STAND_IN)
    _load(dict(os.environ) | {"DJANGO_SETTINGS_MODULE": SETTINGS} | lacking)


def _load(variables: dict[str, str]) -> None:
    """Take the variables, load the apps, speak the reader's language."""
    os.environ.update(variables | {"XASO_POOL": "0"})
    django.setup()
    translation.activate(language())


def operator() -> "Actor":
    """Return who acts through the command line: whoever has a shell on the machine."""
    from xaso.kernel.audit.actors import Actor  # noqa: PLC0415

    return Actor("system", "cli", "cli")


def commune(slug: str) -> "Commune":
    """Return a commune of this installation, or refuse."""
    from xaso.kernel.places import queries  # noqa: PLC0415

    found = queries.commune_by_slug(slug)
    if found is None:
        raise refuse_unknown_commune(slug)
    return found


def refuse_unknown_commune(slug: str) -> Trouble:
    """Return the refusal for a commune nobody knows here."""
    return Trouble(
        f"Không có xã nào tên {slug!r} ở đây (ví dụ: binh-lu).",
        f"There is no commune {slug!r} here (for example: binh-lu).",
    )
