"""The catalogue itself says that every tenant table is isolated."""

import pytest
from django.db import connection

# Tables that belong to no commune, each for a reason.
OPEN = {
    "django_migrations": "Django's list of migrations",
    "django_content_type": "names of tables",
    "audit_chain": "heads of the log's chains, published every day; written by functions only",
    "audit_pending": "numbers of lines that wait for their seal; written by functions only",
    "audit_dailyseal": "published roots over all chains",
    "jobs_failure": "why a job failed, masked; jobs themselves are of no commune either",
    "django_session": "sessions, by random key",
    "auth_permission": "names of rights",
    "auth_group": "unused groups of Django",
    "auth_group_permissions": "unused groups of Django",
    "places_adminunit": "public facts",
    "places_adminunitversion": "public facts",
    "places_adminunitchange": "public facts",
    "places_commune": "the list of communes itself",
    "identity_official": "a person's sign-in; roles are per commune in an isolated table",
    "identity_outsideidentity": "a person's sign-in from outside, asked before a commune is known",
    "identity_provincegrant": "which communes someone may read is asked before one is entered",
    "identity_throttle": "tries counted by digest, also before the commune is known",
    "places_publiccode": "code → commune, typed without saying which commune",
}
OPEN_PREFIXES = {
    "procrastinate_": "background work; a task carries its commune and enters it",
    "account_": "sign-in package: addresses of officials",
    "mfa_": "sign-in package: second factors of officials",
    "usersessions_": "sign-in package: sessions of officials",
    "axes_": "sign-in package: failed attempts",
}
pytestmark = pytest.mark.django_db


def _tables() -> list[tuple[str, bool, bool, bool, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
                           AND a.attname = 'commune_id' AND NOT a.attisdropped),
                   (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid
                    AND p.polwithcheck IS NOT NULL)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            """
        )
        return cursor.fetchall()


def test_every_tenant_table_is_isolated_and_every_other_is_on_the_list() -> None:
    for name, enabled, forced, has_commune, checks in _tables():
        listed = name in OPEN or name.startswith(tuple(OPEN_PREFIXES))
        if has_commune and not listed:
            assert enabled, f"{name}: row-level security is not enabled"
            assert forced, f"{name}: row-level security is not forced"
            assert checks >= 1, f"{name}: no policy checks what is written"
        else:
            assert listed, f"{name} has no commune and is not on the list of open tables"


def test_the_suite_runs_as_a_role_that_cannot_bypass() -> None:
    from xaso.kernel.tenancy import queries

    assert queries.wrong_role() == ""
