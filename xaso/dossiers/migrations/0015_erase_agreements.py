from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0014_answers_left_open'),
    ]

    operations = [
        migrations.AddField(
            model_name='erasureline',
            name='agreement_key',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='erasureline',
            name='dossier_key',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='erasureline',
            constraint=models.UniqueConstraint(fields=('commune', 'list', 'agreement_key'), name='agreement_once_in_a_list'),
        ),
        migrations.AddConstraint(
            model_name='erasureline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreement_key__isnull', True), ('dossier_key__isnull', False)), models.Q(('agreement_key__isnull', False), ('dossier_key__isnull', True)), _connector='OR'), name='erasure_line_names_one_thing'),
        ),
    ]
