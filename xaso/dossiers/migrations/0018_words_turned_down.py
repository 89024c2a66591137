from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0017_corrected_numbers'),
    ]

    operations = [
        migrations.AddField(
            model_name='keepingrule',
            name='kind',
            field=models.CharField(blank=True, choices=[('', 'Hồ sơ đã xong'), ('turned_down', 'Bản ghi máy quầy gửi mà xã không nhận')], default='', max_length=12),
        ),
        migrations.RemoveConstraint(
            model_name='keepingrule',
            name='one_keeping_rule_a_day',
        ),
        migrations.AddConstraint(
            model_name='keepingrule',
            constraint=models.UniqueConstraint(fields=('commune', 'kind', 'procedure', 'valid_from'), name='one_keeping_rule_a_day'),
        ),
        migrations.AddConstraint(
            model_name='keepingrule',
            constraint=models.CheckConstraint(condition=models.Q(('kind', ''), ('procedure', ''), _connector='OR'), name='keeping_rule_of_a_procedure_is_of_dossiers'),
        ),
        migrations.AddField(
            model_name='offlinereception',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='offlinereception',
            name='erased_rule',
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
