"""Dwellings are found by commune and key together."""

import django.db.models.deletion
from django.db import migrations, models

# An index of the commune alone, beside the unique one of commune and key, tempts the check of a
# household's dwelling while the table is small: it then reads all dwellings of the commune for each
# household, and goes on so while a list is written. That was a third of writing 40,000 residents.


class Migration(migrations.Migration):
    """One index less."""

    dependencies = [
        ("places", "0002_lai_chau"),
        ("population", "0007_search_by_pairs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dwelling",
            name="commune",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="places.commune",
            ),
        ),
    ]
