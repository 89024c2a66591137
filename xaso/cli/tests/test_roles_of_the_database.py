"""What each role of a private database may and may not do."""

import psycopg
import pytest

from xaso.cli import postgres
from xaso.cli.tests.conftest import PLACE, sweep

pytestmark = pytest.mark.cluster
POLICY = "CREATE POLICY for_province ON secret TO xaso_readonly USING (true)"
COUNT = "SELECT count(*) FROM secret"


@pytest.fixture(scope="module")
def running():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        home = PLACE / "roles"
        home.mkdir(parents=True, exist_ok=True)
        server = postgres.ensure(home)
        with psycopg.connect(server.owner_url, autocommit=True) as owner:
            owner.execute("CREATE TABLE secret (n int)")
            owner.execute("INSERT INTO secret VALUES (1)")
            owner.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE secret FORCE ROW LEVEL SECURITY")
            owner.execute(POLICY)
        yield server
        sweep(home)


def count(url: str, *before: str) -> int:
    with psycopg.connect(url) as connection:
        for statement in before:
            connection.execute(statement)
        return connection.execute(COUNT).fetchone()[0]


def test_a_policy_for_the_province_opens_nothing_to_the_app(running):
    assert count(running.app_url) == 0
    assert count(running.app_url, "SET LOCAL ROLE xaso_readonly") == 1


def test_the_owner_is_bound_too(running):
    assert count(running.owner_url) == 0


def test_a_backup_sees_every_row(running):
    assert count(running.app_url.replace("xaso_app@", "xaso_backup@")) == 1


def test_a_search_function_handed_over_sees_by_index_and_only_counts(running):
    with psycopg.connect(running.owner_url, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION find_secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " SET search_path = public, pg_temp AS 'SELECT count(*) FROM secret'"
        )
        owner.execute("ALTER FUNCTION find_secret() OWNER TO xaso_search")
    with psycopg.connect(running.app_url) as app:
        assert app.execute("SELECT find_secret()").fetchone()[0] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "CREATE TEMP TABLE mine (n int)",
        "ALTER TABLE secret DISABLE ROW LEVEL SECURITY",
        "DROP TABLE secret",
        "TRUNCATE secret",
        "SET ROLE xaso_owner",
        "SET ROLE xaso_search",
        "SET ROLE postgres",
        "CREATE ROLE friend",
        "COPY secret TO PROGRAM 'cat'",
    ],
)
def test_the_app_cannot(running, statement):
    with (
        psycopg.connect(running.app_url) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement)


def test_the_province_only_reads(running):
    with psycopg.connect(running.app_url) as app:
        app.execute("SET LOCAL ROLE xaso_readonly")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("INSERT INTO secret VALUES (2)")


def test_nobody_of_the_app_is_superuser_or_sees_past_policies(running):
    query = (
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'xaso%' AND (rolsuper OR rolcreaterole"
        " OR rolcreatedb OR (rolbypassrls AND rolname NOT IN ('xaso_backup', 'xaso_search')))"
    )
    with psycopg.connect(running.app_url) as app:
        assert app.execute(query).fetchall() == []
        limits = app.execute("SHOW statement_timeout").fetchone()
        idle = app.execute("SHOW idle_in_transaction_session_timeout").fetchone()
    assert (limits[0], idle[0]) == ("30s", "1min")
