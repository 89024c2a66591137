"""Counting open dossiers reads an index alone; searching a name that everybody has is bounded."""

from django.db import migrations, models

# A word that a million dossiers share made the index of letters hand over a million rows to sort.
# The newest dossiers tell whether a name is common: then walking back day by day meets a thousand
# soon. Else each word of three letters and more narrows what the index of letters gives.
SEARCH = r"""
    DROP FUNCTION dossiers_search(text[], integer);
    CREATE FUNCTION dossiers_search(words text[], most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
        wanted integer := least(most, 1000);
        patterns text[];
        long text[];
        met integer;
        found bigint[];
    BEGIN
        SELECT array_agg(p ORDER BY length(p) DESC),
               array_agg(p ORDER BY length(p) DESC) FILTER (WHERE length(p) >= 5)
        INTO patterns, long FROM (
            SELECT '%' || regexp_replace(w, '[%_\\]', '', 'g') || '%' AS p FROM unnest(words) w
        ) each;
        IF mine IS NULL OR patterns IS NULL THEN RETURN; END IF;
        SELECT count(*) INTO met FROM (
            SELECT d.fold FROM dossiers_dossier d WHERE d.commune_id = mine
            ORDER BY d.opened_at DESC, d.id DESC LIMIT 2000
        ) newest WHERE newest.fold LIKE ALL (patterns);
        IF met >= 100 OR long IS NULL THEN
            SELECT array_agg(walked.id) INTO found FROM (
                SELECT newest.id FROM (
                    SELECT d.id, d.fold, d.opened_at FROM dossiers_dossier d
                    WHERE d.commune_id = mine ORDER BY d.opened_at DESC, d.id DESC LIMIT 50000
                ) newest WHERE newest.fold LIKE ALL (patterns)
                ORDER BY newest.opened_at DESC, newest.id DESC LIMIT wanted
            ) walked;
            IF cardinality(found) >= wanted THEN
                RETURN QUERY SELECT unnest(found);
                RETURN;
            END IF;
        END IF;
        long := coalesce(long, patterns);
        RETURN QUERY SELECT d.id FROM dossiers_dossier d
            WHERE d.commune_id = mine AND d.fold LIKE long[1]
              AND d.fold LIKE coalesce(long[2], long[1]) AND d.fold LIKE coalesce(long[3], long[1])
              AND d.fold LIKE ALL (patterns)
            ORDER BY d.opened_at DESC, d.id DESC LIMIT wanted;
    END $$;
    REVOKE ALL ON FUNCTION dossiers_search(text[], integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION dossiers_search(text[], integer) TO xaso_app;
    ALTER FUNCTION dossiers_search(text[], integer) OWNER TO xaso_search;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0006_links_to_people'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('state__in', ['CHO_TIEP_NHAN', 'CHO_BO_SUNG_DAU_VAO', 'DA_TIEP_NHAN', 'DANG_XU_LY', 'CHO_BO_SUNG', 'CHO_NGHIA_VU_TAI_CHINH', 'YEU_CAU_RUT', 'DA_XU_LY_XONG'])), fields=['commune', 'state', 'is_mirror', 'paused_at', 'promise_at', 'holder'], name='dossier_open_counted'),
        ),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
