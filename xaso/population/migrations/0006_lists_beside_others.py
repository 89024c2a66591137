"""A new commune's first list beside the large tables of others."""

import django.db.models.deletion
from django.db import migrations, models

# Before, a table was looked at when all of it had doubled. A commune that opens beside others never
# doubles it, and the planner took the new commune for empty: it then goes through all of its rows
# once for each row. Now a table is looked at when it has grown by half of what the commune has.
# `here` is how many rows a commune has, growth by less than `least_growth` is let pass; `listed` is
# the same for the rows of lists.
LOOK_AGAIN = """
    DROP FUNCTION population_look_again();
    CREATE FUNCTION population_look_again(here bigint, least_growth bigint, listed bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET default_statistics_target = 40 AS $$
    DECLARE
        grown text;
    BEGIN
        FOR grown IN
            SELECT s.relname
            FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
            WHERE s.schemaname = 'public' AND s.relname IN (
                'population_person', 'population_personname', 'population_personidentifier',
                'population_personcontact', 'population_dwelling', 'population_household',
                'population_membership', 'population_fieldevidence', 'population_importrow',
                'population_senderhousehold'
            ) AND s.n_mod_since_analyze > 500 + CASE s.relname
                WHEN 'population_importrow' THEN least(greatest(c.reltuples, 0), listed)
                WHEN 'population_fieldevidence' THEN
                    6 * greatest(least(c.reltuples / 6, here / 2), least_growth)
                ELSE greatest(least(c.reltuples, here / 2), least_growth) END
            ORDER BY s.relname
        LOOP
            EXECUTE format('ANALYZE %I', grown);
        END LOOP;
    END $$;
    REVOKE ALL ON FUNCTION population_look_again(bigint, bigint, bigint) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION population_look_again(bigint, bigint, bigint) TO xaso_app;
"""
# No plan needs figures of sealed columns, and to look at them means to fetch each value.
UNSEEN = """
    ALTER TABLE population_importrow ALTER said SET STATISTICS 0, ALTER diff SET STATISTICS 0,
        ALTER before SET STATISTICS 0, ALTER number_index SET STATISTICS 0;
    ALTER TABLE population_personidentifier ALTER cipher SET STATISTICS 0;
    ALTER TABLE population_personcontact ALTER cipher SET STATISTICS 0;
"""
SEEN = UNSEEN.replace("STATISTICS 0", "STATISTICS -1")
BEFORE = """
    DROP FUNCTION population_look_again(bigint, bigint, bigint);
    CREATE FUNCTION population_look_again() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
    END $$;
    REVOKE ALL ON FUNCTION population_look_again() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION population_look_again() TO xaso_app;
"""

# Rows that hang on a person, a household or a list in their commune need no check of the commune by
# itself, and one of evidence is held by the table's policy: half a million checks for one list.


class Migration(migrations.Migration):
    """The function takes how many rows there are to tell apart; one check of two goes."""

    dependencies = [
        ("places", "0002_lai_chau"),
        ("population", "0005_lists_at_speed"),
    ]

    operations = [
        migrations.RunSQL(LOOK_AGAIN, BEFORE),
        migrations.RunSQL(UNSEEN, SEEN),
        migrations.AlterField(
            model_name='fieldevidence',
            name='commune',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='commune',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='commune',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AlterField(
            model_name='personcontact',
            name='commune',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AlterField(
            model_name='personidentifier',
            name='commune',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AlterField(
            model_name="dwelling",
            name="village",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.village",
            ),
        ),
        migrations.AlterField(
            model_name="senderhousehold",
            name="commune",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="places.commune",
            ),
        ),
        migrations.AlterField(
            model_name="senderhousehold",
            name="household",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="population.household",
            ),
        ),
    ]
