from django.db import migrations, models

import xaso.kernel.sealing.fields


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0016_prepared_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='offlinereception',
            name='corrected_number',
            field=xaso.kernel.sealing.fields.SealedTextField(context='dossiers_offlinereception.corrected_number', default='', editable=True),
        ),
        migrations.AddField(
            model_name='offlinereception',
            name='corrected_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='offlinereception',
            name='corrected_by',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
