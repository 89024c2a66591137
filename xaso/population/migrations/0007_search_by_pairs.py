import django.db.models.deletion
from django.db import migrations, models

# A name that is alike shares two words with what was asked, each the same or near. Names are found
# by such pairs: a family name alone, or one word that is near two others, no longer brings tens of
# thousands of names to compare. A key holds its commune, so that the index is the one way whatever
# the server knows of a commune: one that was filled a minute ago is searched like any other. Names
# that wait to be sorted into the index are read one by one: 4 MB of them took 80 ms, 256 kB are few.
# What an index calls names its schema: a restore makes the index where nothing is looked for by itself.
PAIRS = """
    CREATE FUNCTION population_pair(mine uuid, a text, b text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT hashtextextended(
            CASE WHEN a COLLATE "C" < b THEN a || ' ' || b ELSE b || ' ' || a END,
            uuid_hash_extended(mine, 0))
    $$;
    CREATE FUNCTION population_pairs(mine uuid, w text[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_remove(ARRAY[
            public.population_pair(mine, w[1], w[2]),
            public.population_pair(mine, w[1], w[3]),
            public.population_pair(mine, w[2], w[3]),
            public.population_pair(mine, w[1], w[4]),
            public.population_pair(mine, w[2], w[4]),
            public.population_pair(mine, w[3], w[4]),
            public.population_pair(mine, w[1], w[5]),
            public.population_pair(mine, w[2], w[5]),
            public.population_pair(mine, w[3], w[5]),
            public.population_pair(mine, w[4], w[5]),
            public.population_pair(mine, w[1], w[6]),
            public.population_pair(mine, w[2], w[6]),
            public.population_pair(mine, w[3], w[6]),
            public.population_pair(mine, w[4], w[6]),
            public.population_pair(mine, w[5], w[6])
        ], NULL)
    $$;
    DROP INDEX spelling_words;
    CREATE INDEX spelling_pairs ON population_spelling
        USING gin (population_pairs(commune_id, words)) WITH (gin_pending_list_limit = 256);
"""
# Plans are made once for any commune and any name (generic): planning anew cost more than most
# look-ups, and a plan made for figures that do not know the commune yet went through all of it.
#
# population_close: which pairs of words to look for, the most promising first. `bounds` says how
# alike (share of common trigrams) a name that holds the pair can be at most; below 0.43 it is left.
# With three words each pair of places counts, with more the outer and the inner two: who has all
# words but one near has one of these pairs whole.
SEARCH = """
    SELECT similarity('a', 'b');
    DROP FUNCTION population_search(text, text, text, text, integer, bigint[], integer);
    DROP FUNCTION population_alike(text, text);
    DROP FUNCTION population_near(text, text);
    CREATE FUNCTION population_close(
        asked text, heard text, OUT keys bigint[], OUT bounds real[]
    )
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET pg_trgm.similarity_threshold = 0.25 SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
        given text[] := (string_to_array(asked, ' '))[1:6];
        sounds text[] := (string_to_array(heard, ' '))[1:6];
        many integer := cardinality(given);
        letters integer := cardinality(show_trgm(asked));
        total integer := (SELECT sum(length(w) + 1) FROM unnest(given) w);
        inner_least integer := (SELECT min(length(w) + 1) FROM unnest(given[2:many - 1]) w);
        outer_least integer := (
            SELECT min(length(w) + 1) FROM unnest(given[1:1] || given[4:]) w);
    BEGIN
        WITH near AS MATERIALIZED (
            SELECT g.place, n.word, n.likeness, length(g.word) + 1 AS own,
                   n.whole * (letters + length(n.word) + 1) / (1 + n.whole) AS shared,
                   length(n.word) + 1
                       - n.whole * (letters + length(n.word) + 1) / (1 + n.whole) AS other
            FROM unnest(given, sounds) WITH ORDINALITY g (word, sound, place)
            CROSS JOIN LATERAL (
                SELECT x.word, similarity(x.word, g.word) AS likeness,
                       similarity(x.word, asked) AS whole
                FROM population_spelledword x
                WHERE x.commune_id = mine AND (x.word % g.word OR x.sound = g.sound)
                ORDER BY x.sound = g.sound DESC, 2 DESC LIMIT 24
            ) n
        ), pair AS (
            SELECT population_pair(mine, a.word, b.word) AS key, max(
                CASE WHEN many = 2 THEN (a.shared + b.shared) / (letters + a.other + b.other)
                     WHEN many = 3 THEN greatest(
                         (a.shared + b.shared + 1) / (letters + a.other + b.other + 1),
                         (a.shared + b.shared
                             + least(a.likeness, b.likeness) * (total - a.own - b.own))
                             / (letters + a.other + b.other))
                     ELSE greatest(
                         (a.shared + b.shared) / (a.own + b.own + a.other + b.other),
                         (a.shared + b.shared + 1 + total - a.own - b.own
                             - CASE WHEN a.place = 1 THEN inner_least ELSE outer_least END)
                             / (letters + a.other + b.other + 1)) END) AS bound
            FROM near a
            JOIN near b ON a.place < b.place
                AND (many < 4 OR (a.place, b.place) IN ((1, many), (2, 3)))
            GROUP BY 1
        )
        SELECT array_agg(p.key ORDER BY p.bound DESC), array_agg(p.bound ORDER BY p.bound DESC)
            INTO keys, bounds FROM pair p WHERE p.bound > 0.43;
    END $$;

    -- The 200 names that are most alike (0.45 and more), best first. Pairs are taken by the
    -- handful, until no pair that is left could bring a better name.
    CREATE FUNCTION population_alike(asked text, heard text, OUT folds text[], OUT alikes real[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
        keys bigint[];
        bounds real[];
        these text[];
        theirs real[];
        done integer := 0;
        upto integer;
        sure integer;
    BEGIN
        folds := '{}';
        alikes := '{}';
        SELECT c.keys, c.bounds INTO keys, bounds FROM population_close(asked, heard) c;
        WHILE done < coalesce(cardinality(keys), 0) LOOP
            upto := least(done + 48, cardinality(keys));
            SELECT array_agg(f.fold), array_agg(f.a) INTO these, theirs FROM (
                SELECT s.fold, similarity(s.fold, asked) AS a FROM population_spelling s
                WHERE population_pairs(s.commune_id, s.words) && keys[done + 1:upto]
                  AND (s.commune_id = mine) IS TRUE LIMIT 4000
            ) f WHERE f.a >= 0.45;
            done := upto;
            CONTINUE WHEN these IS NULL;
            folds := folds || these;
            alikes := alikes || theirs;
            IF done < cardinality(keys) AND cardinality(folds) >= 200 THEN
                SELECT count(DISTINCT u.fold) INTO sure FROM unnest(folds, alikes) u (fold, a)
                    WHERE u.a >= bounds[done + 1];
                EXIT WHEN sure >= 200;
            END IF;
        END LOOP;
        SELECT array_agg(b.fold ORDER BY b.a DESC, b.fold), array_agg(b.a ORDER BY b.a DESC)
            INTO folds, alikes FROM (
                SELECT u.fold, max(u.a) AS a FROM unnest(folds, alikes) u (fold, a)
                GROUP BY u.fold ORDER BY 2 DESC, u.fold LIMIT 200
            ) b;
    END $$;

    -- Who has one of these names, `most` of each: `place` is the name's place in the list.
    CREATE FUNCTION population_named(
        folds text[], exactly text, years integer[], places bigint[], most integer
    ) RETURNS TABLE (place bigint, id uuid, birth_year smallint, sort_key varchar, same boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
    BEGIN
        IF places IS NOT NULL THEN
            RETURN QUERY SELECT b.place, p.*
                FROM unnest(folds) WITH ORDINALITY b (fold, place) CROSS JOIN LATERAL (
                    SELECT x.id, x.birth_year, x.sort_key, x.exact = exactly
                    FROM population_person x
                    WHERE x.commune_id = mine AND x.fold = b.fold AND x.merged_into_id IS NULL
                      AND x.village_id = ANY (places)
                      AND (years IS NULL OR x.birth_year = ANY (years))
                    ORDER BY 4 DESC LIMIT most
                ) p;
        ELSIF years IS NOT NULL THEN
            RETURN QUERY SELECT b.place, p.*
                FROM unnest(folds) WITH ORDINALITY b (fold, place) CROSS JOIN unnest(years) y
                CROSS JOIN LATERAL (
                    SELECT x.id, x.birth_year, x.sort_key, x.exact = exactly
                    FROM population_person x
                    WHERE x.commune_id = mine AND x.birth_year = y AND x.fold = b.fold
                      AND x.merged_into_id IS NULL
                    ORDER BY 4 DESC LIMIT most
                ) p;
        ELSE
            RETURN QUERY SELECT b.place, p.*
                FROM unnest(folds) WITH ORDINALITY b (fold, place) CROSS JOIN LATERAL (
                    SELECT x.id, x.birth_year, x.sort_key, x.exact = exactly
                    FROM population_person x
                    WHERE x.commune_id = mine AND x.fold = b.fold AND x.merged_into_id IS NULL
                    ORDER BY 4 DESC LIMIT most
                ) p;
        END IF;
    END $$;

    -- Whose name begins with these words and goes on, by the alphabet.
    CREATE FUNCTION population_begun(
        q text, years integer[], places bigint[], most integer
    ) RETURNS TABLE (id uuid, birth_year smallint, sort_key varchar)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
    BEGIN
        IF places IS NOT NULL THEN
            RETURN QUERY SELECT p.* FROM unnest(places) v CROSS JOIN LATERAL (
                SELECT x.id, x.birth_year, x.sort_key FROM population_person x
                WHERE x.commune_id = mine AND x.village_id = v
                  AND x.fold >= q || ' ' AND x.fold < q || '!' AND x.merged_into_id IS NULL
                  AND (years IS NULL OR x.birth_year = ANY (years))
                ORDER BY x.fold LIMIT most
            ) p;
        ELSIF years IS NOT NULL THEN
            RETURN QUERY SELECT p.* FROM unnest(years) y CROSS JOIN LATERAL (
                SELECT x.id, x.birth_year, x.sort_key FROM population_person x
                WHERE x.commune_id = mine AND x.birth_year = y
                  AND x.fold >= q || ' ' AND x.fold < q || '!' AND x.merged_into_id IS NULL
                ORDER BY x.fold LIMIT most
            ) p;
        ELSE
            RETURN QUERY SELECT x.id, x.birth_year, x.sort_key FROM population_person x
                WHERE x.commune_id = mine
                  AND x.fold >= q || ' ' AND x.fold < q || '!' AND x.merged_into_id IS NULL
                ORDER BY x.fold LIMIT most;
        END IF;
    END $$;

    -- Who fits, best first; the same person may come again further down. Tiers: 1 the very name,
    -- 2 the same without accents or spaces, 3 the beginning of the name, 4 it sounds the same, 5 it
    -- looks alike. One word alone is looked for among the people of villages only.
    CREATE FUNCTION population_search(
        q text, tight text, heard text, exactly text, born integer, places bigint[], most integer
    ) RETURNS TABLE (person uuid, tier integer, alike real)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
        years integer[] := CASE WHEN born IS NULL THEN NULL ELSE ARRAY[born - 1, born, born + 1] END;
        folds text[];
        alikes real[];
        tiers integer[];
        given integer;
        total integer := 0;
        done integer := 0;
        upto integer;
    BEGIN
        IF mine IS NULL OR coalesce(q, '') = '' THEN RETURN; END IF;
        SELECT array_agg(b.fold), array_agg(b.t) INTO folds, tiers FROM (
            SELECT s.fold, min(s.t) AS t FROM (
                (SELECT q AS fold, 2 AS t)
                UNION ALL (SELECT s.fold, 2 FROM population_spelling s
                    WHERE s.commune_id = mine AND s.fold_tight = tight LIMIT 50)
                UNION ALL (SELECT s.fold, 4 FROM population_spelling s
                    WHERE s.commune_id = mine AND s.sound = heard LIMIT 100)
            ) s GROUP BY s.fold
        ) b;
        RETURN QUERY
            SELECT f.id, min(f.t), 1::real FROM (
                SELECT p.id, p.birth_year, p.sort_key,
                       CASE WHEN p.same THEN 1 ELSE tiers[p.place] END AS t
                    FROM population_named(folds, exactly, years, places, most) p
                UNION ALL
                SELECT p.id, p.birth_year, p.sort_key, 3
                    FROM population_begun(q, years, places, most) p
                UNION ALL
                (SELECT p.id, p.birth_year, p.sort_key, n.t
                    FROM (
                        SELECT n.person_id, tiers[array_position(folds, n.fold::text)] AS t
                            FROM population_personname n
                            WHERE n.commune_id = mine AND n.fold = ANY (folds)
                        UNION ALL
                        SELECT n.person_id, 3 FROM population_personname n
                            WHERE n.commune_id = mine AND n.fold >= q || ' ' AND n.fold < q || '!'
                    ) n
                    JOIN population_person p ON p.commune_id = mine AND p.id = n.person_id
                    WHERE p.merged_into_id IS NULL
                      AND (years IS NULL OR p.birth_year = ANY (years))
                      AND (places IS NULL OR p.village_id = ANY (places)) LIMIT most)
            ) f GROUP BY f.id, f.birth_year, f.sort_key
            ORDER BY min(f.t), f.birth_year IS NOT DISTINCT FROM born DESC, f.sort_key LIMIT most;
        GET DIAGNOSTICS given = ROW_COUNT;
        IF given >= most THEN RETURN; END IF;
        IF position(' ' in q) > 0 THEN
            SELECT a.folds, a.alikes INTO folds, alikes FROM population_alike(q, heard) a;
        ELSIF places IS NULL THEN
            RETURN;
        ELSE
            SELECT array_agg(w.fold ORDER BY w.a DESC), array_agg(w.a ORDER BY w.a DESC)
                INTO folds, alikes FROM (
                    SELECT u.fold, word_similarity(q, u.fold) AS a FROM (
                        SELECT x.fold::text FROM population_person x
                            WHERE x.commune_id = mine AND x.village_id = ANY (places)
                        UNION
                        SELECT n.fold::text FROM population_personname n WHERE n.commune_id = mine
                    ) u WHERE word_similarity(q, u.fold) >= 0.8
                ) w;
        END IF;
        WHILE done < coalesce(cardinality(folds), 0) AND total < most LOOP
            upto := least(done + 24, cardinality(folds));
            WHILE upto < cardinality(folds) AND alikes[upto + 1] = alikes[upto] LOOP
                upto := upto + 1;
            END LOOP;
            RETURN QUERY
                SELECT f.id, 5, max(f.a) FROM (
                    SELECT p.id, p.birth_year, p.sort_key, alikes[done + p.place] AS a
                        FROM population_named(folds[done + 1:upto], '', years, places, most) p
                    UNION ALL
                    SELECT p.id, p.birth_year, p.sort_key,
                           alikes[done + array_position(folds[done + 1:upto], n.fold::text)]
                        FROM population_personname n
                        JOIN population_person p ON p.commune_id = mine AND p.id = n.person_id
                        WHERE n.commune_id = mine AND n.fold = ANY (folds[done + 1:upto])
                          AND p.merged_into_id IS NULL
                          AND (years IS NULL OR p.birth_year = ANY (years))
                          AND (places IS NULL OR p.village_id = ANY (places))
                ) f GROUP BY f.id, f.birth_year, f.sort_key
                ORDER BY max(f.a) DESC, f.birth_year IS NOT DISTINCT FROM born DESC, f.sort_key
                LIMIT most;
            GET DIAGNOSTICS given = ROW_COUNT;
            total := total + given;
            done := upto;
        END LOOP;
    END $$;

    -- Lines of a list of people, in the order of their keys, each with one household: a permanent
    -- place before a temporary one before living somewhere. `ANY` without bitmaps keeps the server
    -- from the indexes of overlaps, which take 30 ms for one person among a million.
    CREATE FUNCTION population_lines(keys uuid[], day date) RETURNS TABLE (
        id uuid, name varchar, sex varchar, birth_date date, birth_precision varchar,
        birth_year smallint, status varchar, village_id bigint, village_kind varchar,
        village varchar, household varchar, role varchar
    )
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
    SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    DECLARE
        mine uuid := NULLIF(current_setting('app.commune', true), '')::uuid;
    BEGIN
        RETURN QUERY
            SELECT p.id, p.display_name, p.sex, p.birth_date, p.birth_precision, p.birth_year,
                   p.status, p.village_id, v.kind, v.name, h.code, h.role
            FROM unnest(keys) WITH ORDINALITY k (id, place)
            JOIN population_person p ON p.id = k.id AND (p.commune_id = mine) IS TRUE
            LEFT JOIN places_village v ON v.id = p.village_id
            LEFT JOIN LATERAL (
                SELECT b.code, m.role FROM population_membership m
                JOIN population_household b ON b.id = m.household_id
                WHERE m.commune_id = mine AND m.person_id = ANY (ARRAY[p.id])
                  AND (m.period @> day) IS TRUE
                ORDER BY array_position(
                    ARRAY['permanent', 'temporary', 'living_only'], m.residence_kind::text)
                LIMIT 1
            ) h ON true
            ORDER BY k.place;
    END $$;
"""
OPEN = """
    GRANT EXECUTE ON FUNCTION
        population_search(text, text, text, text, integer, bigint[], integer) TO xaso_app;
    GRANT EXECUTE ON FUNCTION population_lines(uuid[], date) TO xaso_app;
"""
OWNERS = "".join(
    f"""
    REVOKE ALL ON FUNCTION population_{name} FROM PUBLIC;
    ALTER FUNCTION population_{name} OWNER TO xaso_search;
    """
    for name in (
        "close(text, text)",
        "alike(text, text)",
        "named(text[], text, integer[], bigint[], integer)",
        "begun(text, integer[], bigint[], integer)",
        "search(text, text, text, text, integer, bigint[], integer)",
        "lines(uuid[], date)",
    )
)


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0002_lai_chau'),
        ('population', '0006_lists_beside_others'),
    ]

    operations = [
        migrations.AlterField(
            model_name='spelling',
            name='commune',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AlterField(
            model_name='spelledword',
            name='commune',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.RunSQL(PAIRS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(OPEN + OWNERS, migrations.RunSQL.noop),
    ]
