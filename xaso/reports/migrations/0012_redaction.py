"""History loses its words only through one door, and goes only where a tombstone stands."""

from django.db import migrations

from xaso.kernel.tenancy.operations import Isolate, SameCommune

TABLES = "rule sealedphoto receptionslot appointment handover tombstone".split()
PARENTS = """
    sealedphoto report_id reports_report
    appointment slot_id reports_receptionslot
    appointment report_id reports_report
    handover report_id reports_report
"""

# What may change in a row of history: words become nothing, their digests stay. Whole rows leave
# only with a report that has its tombstone.
ONLY = """
    CREATE FUNCTION reports_only_redacted() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        words text[] := TG_ARGV[0]::text[];
        word text;
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM reports_tombstone t WHERE t.report_key = OLD.report_id
                       AND t.commune_id = OLD.commune_id) THEN
                RETURN OLD;
            END IF;
        ELSIF (to_jsonb(NEW) - words) = (to_jsonb(OLD) - words) THEN
            FOREACH word IN ARRAY words LOOP
                CONTINUE WHEN word IN ('payload', 'digests');
                IF coalesce(to_jsonb(NEW) ->> word, '') NOT IN ('', '[]', '{}') THEN
                    RAISE EXCEPTION 'Words of % are taken out, never written.', TG_TABLE_NAME
                        USING ERRCODE = 'insufficient_privilege';
                END IF;
            END LOOP;
            IF TG_TABLE_NAME <> 'reports_reportevent' THEN RETURN NEW; END IF;
            IF (to_jsonb(OLD) ->> 'digests') = '' AND (to_jsonb(NEW) ->> 'digests') <> ''
               AND to_jsonb(NEW) -> 'payload' IN ('{"sealed": true}', '{"erased": true}') THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'Table % is append-only: % is refused.', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END $$;
"""
TRIGGER = """
    DROP TRIGGER append_only_rows ON {table};
    CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION reports_only_redacted('{words}');
"""
WORDS = (
    ("reports_reportevent", "{public_text,internal_text,payload,digests}"),
    ("reports_clockentry", "{text}"),
    ("reports_routingtrace", "{steps,facts}"),
    ("reports_answer", "{text,fold,photo_waiver_reason,contact}"),
)
DOOR = """
    REVOKE ALL ON FUNCTION {name} FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION {name} TO xaso_app;
"""
REDACT = """
    CREATE FUNCTION reports_redact(report bigint, kept jsonb, mark text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
    BEGIN
        UPDATE reports_reportevent e
           SET public_text = '', internal_text = '', payload = jsonb_build_object(mark, true),
               digests = kept ->> e.seq::text
         WHERE e.report_id = report AND e.commune_id = mine AND e.digests = ''
           AND kept ? e.seq::text;
        UPDATE reports_clockentry c SET text = ''
         WHERE c.report_id = report AND c.commune_id = mine AND c.text <> '';
        UPDATE reports_routingtrace t SET steps = '[]', facts = '{}'
         WHERE t.report_id = report AND t.commune_id = mine;
        UPDATE reports_answer a SET text = '', fold = '', photo_waiver_reason = '', contact = ''
         WHERE a.report_id = report AND a.commune_id = mine AND a.text <> '';
    END $$;
""" + DOOR.format(name="reports_redact(bigint, jsonb, text)")
# The history of a report that has its tombstone; the rest of its rows the program drops itself.
FORGET = """
    CREATE FUNCTION reports_forget(report bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
    BEGIN
        UPDATE reports_report r SET answer_id = NULL WHERE r.id = report AND r.commune_id = mine;
        DELETE FROM reports_reportevent e WHERE e.report_id = report AND e.commune_id = mine;
        DELETE FROM reports_clockentry c WHERE c.report_id = report AND c.commune_id = mine;
        DELETE FROM reports_routingtrace t WHERE t.report_id = report AND t.commune_id = mine;
        DELETE FROM reports_answer a WHERE a.report_id = report AND a.commune_id = mine;
    END $$;
""" + DOOR.format(name="reports_forget(bigint)")
# A tombstone is for ever.
STONE = """
    CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON reports_tombstone
        FOR EACH ROW EXECUTE FUNCTION tenancy_append_only();
    CREATE TRIGGER append_only_table BEFORE TRUNCATE ON reports_tombstone
        FOR EACH STATEMENT EXECUTE FUNCTION tenancy_append_only();
    REVOKE UPDATE, DELETE, TRUNCATE ON reports_tombstone FROM xaso_app;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_streams")]
    operations = [
        *(Isolate(f"reports_{table}") for table in TABLES),
        *(
            SameCommune(f"reports_{child}", column, parent)
            for child, column, parent in (line.split() for line in PARENTS.strip().splitlines())
        ),
        migrations.RunSQL(STONE, migrations.RunSQL.noop),
        migrations.RunSQL(ONLY, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(TRIGGER.format(table=table, words=words), migrations.RunSQL.noop)
            for table, words in WORDS
        ),
        migrations.RunSQL(REDACT, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
