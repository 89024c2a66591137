# Written by hand: a dossier's and a reminder's person are rows of the register in the same commune.

from django.db import migrations

from xaso.kernel.tenancy.operations import SameCommune

# Links of before that lead to nobody could never be opened; they are let go.
LOOSE = """
    ALTER TABLE dossiers_dossier NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE population_person NO FORCE ROW LEVEL SECURITY;
    UPDATE dossiers_dossier d SET person = NULL WHERE person IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM population_person p WHERE p.commune_id = d.commune_id AND p.id = d.person
    );
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE dossiers_dossier FORCE ROW LEVEL SECURITY;
    ALTER TABLE population_person FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("dossiers", "0005_agreed_help"),
        ("population", "0004_rights"),
    ]

    operations = [
        migrations.RunSQL(LOOSE, migrations.RunSQL.noop),
        SameCommune("dossiers_dossier", "person", "population_person"),
    ]
