"""What Django cannot say: one commune per row and its parents, history that stays, search."""

from django.db import migrations

from xaso.kernel.tenancy.operations import AppendOnly, Isolate, SameCommune

TABLES = (
    "catalogue category categoryterm body reporter report sealedcontent reportevent clockentry "
    "forward photo answer answertemplate follower feedback"
).split()
PARENTS = """
    category parent_id reports_category
    category unit_id identity_unit
    categoryterm category_id reports_category
    report category_id reports_category
    report term_id reports_categoryterm
    report parent_id reports_report
    report unit_id identity_unit
    report answer_id reports_answer
    report village_id places_village
    report reporter_id reports_reporter
    sealedcontent report_id reports_report
    reportevent report_id reports_report
    clockentry report_id reports_report
    forward report_id reports_report
    forward body_id reports_body
    photo report_id reports_report
    photo attachment_id attachments_attachment
    photo answer_id reports_answer
    answer report_id reports_report
    answer unit_id identity_unit
    answertemplate category_id reports_category
    follower report_id reports_report
    follower reporter_id reports_reporter
    feedback report_id reports_report
    feedback answer_id reports_answer
"""

# A report's present answer is an answer to this report, not merely to one of the commune.
OWN_ANSWER = """
    CREATE UNIQUE INDEX reports_answer_own ON reports_answer (report_id, id);
    ALTER TABLE reports_report ADD CONSTRAINT report_has_own_answer
        FOREIGN KEY (id, answer_id) REFERENCES reports_answer (report_id, id)
        DEFERRABLE INITIALLY DEFERRED;
"""

# Duplicates hang one level deep: a parent is no duplicate, a duplicate has no children.
ONE_LEVEL = """
    CREATE FUNCTION reports_one_level() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.parent_id IS NOT NULL AND (
            EXISTS (SELECT 1 FROM reports_report p
                    WHERE p.id = NEW.parent_id AND p.parent_id IS NOT NULL)
            OR EXISTS (SELECT 1 FROM reports_report c WHERE c.parent_id = NEW.id)
        ) THEN
            RAISE EXCEPTION 'Report %: a parent is not itself a duplicate.', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER one_level BEFORE INSERT OR UPDATE OF parent_id ON reports_report
        FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION reports_one_level();
"""

# LIKE is not leakproof, so under row-level security it never reaches an index. These functions do,
# for the commune of the transaction alone; they return keys, newest first.
SEARCH = """
    CREATE INDEX report_words ON reports_report USING gin (commune_id, fold gin_trgm_ops);
    CREATE INDEX report_public_words ON reports_report
        USING gin (commune_id, public_fold gin_trgm_ops) WHERE visibility = 'public';
"""
FUNCTION = """
    CREATE FUNCTION {name}(words text[], most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
        longest text;
        patterns text[];
    BEGIN
        SELECT array_agg(p ORDER BY length(p) DESC) INTO patterns FROM (
            SELECT '%' || regexp_replace(w, '[%_\\\\]', '', 'g') || '%' AS p FROM unnest(words) w
        ) each;
        longest := patterns[1];
        IF mine IS NULL OR longest IS NULL THEN RETURN; END IF;
        RETURN QUERY SELECT r.id FROM reports_report r
            WHERE r.commune_id = mine AND {only}
              AND r.{column} LIKE longest AND r.{column} LIKE ALL (patterns)
            ORDER BY r.received_at DESC, r.id DESC LIMIT least(most, 1000);
    END $$;
    REVOKE ALL ON FUNCTION {name}(text[], integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION {name}(text[], integer) TO xaso_app;
    ALTER FUNCTION {name}(text[], integer) OWNER TO xaso_search;
"""
STAFF = FUNCTION.format(name="reports_search", column="fold", only="true")
PUBLIC = FUNCTION.format(
    name="reports_search_public", column="public_fold", only="r.visibility = 'public'"
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        *(Isolate(f"reports_{table}") for table in TABLES),
        *(
            SameCommune(f"reports_{child}", column, parent)
            for child, column, parent in (line.split() for line in PARENTS.strip().splitlines())
        ),
        AppendOnly("reports_reportevent"),
        AppendOnly("reports_clockentry"),
        AppendOnly("reports_answer"),
        migrations.RunSQL(OWN_ANSWER, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_LEVEL, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(STAFF, migrations.RunSQL.noop),
        migrations.RunSQL(PUBLIC, migrations.RunSQL.noop),
    ]
