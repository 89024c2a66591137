from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0013_authority'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='unanswered',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('unanswered__gt', 0)), fields=['commune', '-opened_at', '-id'], name='dossier_unanswered'),
        ),
    ]
