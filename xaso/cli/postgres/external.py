"""A PostgreSQL that somebody else runs (DATABASE_URL): checked, never managed."""

import psycopg

from xaso.cli.postgres.binaries import EXTENSIONS, OLDEST
from xaso.cli.words import Trouble


def check(url: str) -> str:
    """Check version, extensions and the role's rights; return the version. Refuses with Trouble."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            version = connection.info.server_version
            _refuse_old(version)
            _refuse_powerful(connection)
            _refuse_lacking(connection)
            return f"{version // 10_000}.{version % 10_000}"
    except psycopg.OperationalError as error:
        raise Trouble(
            f"Không nối được tới cơ sở dữ liệu trong DATABASE_URL: {error}",
            f"The database in DATABASE_URL cannot be reached: {error}",
        ) from None


def _refuse_old(version: int) -> None:
    """Refuse servers before 15 (security_invoker views, NULLS NOT DISTINCT)."""
    if version < OLDEST * 10_000:
        raise Trouble(
            f"Cần PostgreSQL {OLDEST} trở lên; máy chủ là bản {version // 10_000}.",
            f"PostgreSQL {OLDEST} or newer is needed; the server is {version // 10_000}.",
        )


def _refuse_powerful(connection: psycopg.Connection) -> None:
    """Refuse a role that row-level security does not bind."""
    query = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    row = connection.execute(query).fetchone()
    if row and row[1]:
        raise Trouble(
            f"Vai trò {row[0]} trong DATABASE_URL vượt qua được phân quyền theo xã. Hãy dùng vai "
            "trò xaso_app (không SUPERUSER, không BYPASSRLS).",
            f"The role {row[0]} in DATABASE_URL bypasses row-level security. Use xaso_app "
            "(no SUPERUSER, no BYPASSRLS).",
        )


def _refuse_lacking(connection: psycopg.Connection) -> None:
    """Refuse a database without the extensions that only a superuser can add."""
    there = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    lacking = [name for name in EXTENSIONS if name not in there]
    if lacking:
        statements = " ".join(f"CREATE EXTENSION {name};" for name in lacking)
        raise Trouble(
            f"Cơ sở dữ liệu thiếu phần mở rộng. Người quản trị hãy chạy: {statements}",
            f"The database lacks extensions. Its administrator please runs: {statements}",
        )
