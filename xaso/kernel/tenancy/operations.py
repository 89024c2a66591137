"""Migration operations that put a table under its commune, and refuse edits of history."""

from typing import Any

from django.db.migrations.operations import RunSQL

_COMMUNE = "NULLIF(current_setting('app.commune', true), '')::uuid"
_COMMUNES = "NULLIF(current_setting('app.communes', true), '')::uuid[]"


class _Sql(RunSQL):
    """Raw SQL with a name, so that a migration reads like a list of rules."""

    reduces_to_sql = True

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Keep the arguments the author wrote, not the SQL."""
        return self.__class__.__qualname__, list(self.said), {}

    def describe(self) -> str:
        """Name the rule in `showmigrations` and logs."""
        return f"{self.__class__.__name__}({', '.join(self.said)})"

    said: tuple[str, ...] = ()


class Isolate(_Sql):
    """Enable and force row-level security on a tenant table.

    The commune's own rows are open for reading and writing; the province's read-only role reads
    the communes it was given. Without a commune set: no row at all.
    """

    def __init__(self, table: str) -> None:
        """Take the table's name; it must have a `commune_id uuid` column."""
        self.said = (table,)
        super().__init__(
            f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY commune ON {table}
                USING (commune_id = {_COMMUNE}) WITH CHECK (commune_id = {_COMMUNE});
            CREATE POLICY province ON {table} FOR SELECT TO xaso_readonly
                USING (commune_id = ANY ({_COMMUNES}));
            """,
            f"""
            DROP POLICY province ON {table};
            DROP POLICY commune ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
            """,
        )


class SameCommune(_Sql):
    """Tie a child to a parent of the same commune by a composite foreign key.

    Foreign keys are checked without row-level security, so a plain one would accept a parent of
    another commune.
    """

    def __init__(self, child: str, column: str, parent: str) -> None:
        """Take the child table, its column, and the parent table (key `id`)."""
        self.said = (child, column, parent)
        super().__init__(
            f"""
            CREATE UNIQUE INDEX IF NOT EXISTS {parent}_commune_key ON {parent} (commune_id, id);
            ALTER TABLE {child} ADD CONSTRAINT {_short(child, column)}
                FOREIGN KEY (commune_id, {column}) REFERENCES {parent} (commune_id, id)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            f"ALTER TABLE {child} DROP CONSTRAINT {_short(child, column)};",
        )


class AppendOnly(_Sql):
    """Refuse UPDATE, DELETE and TRUNCATE on a table of history, also for its owner."""

    def __init__(self, table: str) -> None:
        """Take the table's name."""
        self.said = (table,)
        super().__init__(
            f"""
            CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION tenancy_append_only();
            CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION tenancy_append_only();
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM xaso_app;
            """,
            f"""
            DROP TRIGGER append_only_rows ON {table};
            DROP TRIGGER append_only_table ON {table};
            """,
        )


def _short(child: str, column: str) -> str:
    return f"same_commune_{child}_{column}"[:63]
