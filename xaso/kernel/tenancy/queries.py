"""What the platform may ask about its own isolation."""

from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import connection


def current() -> UUID | None:
    """Return the commune of the open transaction, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULLIF(current_setting('app.commune', true), '')")
        value = cursor.fetchone()[0]
    return UUID(value) if value else None


def wrong_role() -> str:
    """Return why the connected database role must not serve people, or an empty text.

    A superuser or a role with BYPASSRLS sees every commune's rows even under FORCE ROW LEVEL
    SECURITY, and an owner can switch the policies off.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user"
        )
        is_super, bypasses, name = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
            "WHERE r.rolname = current_user AND c.relrowsecurity"
        )
        owned = cursor.fetchone()[0]
    if is_super or bypasses:
        return f"Role {name} is superuser or has BYPASSRLS: it would see every commune's rows."
    if owned:
        return f"Role {name} owns {owned} tenant tables: it could switch their policies off."
    return ""


def refuse_wrong_role() -> None:
    """Stop the process when its database role could see past the commune."""
    reason = wrong_role()
    if reason:
        raise ImproperlyConfigured(f"{reason} Connect as xaso_app (see docs/runbook.md).")
