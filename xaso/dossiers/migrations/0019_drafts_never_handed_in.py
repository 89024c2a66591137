import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0018_words_turned_down'),
    ]

    operations = [
        migrations.AlterField(
            model_name='keepingrule',
            name='kind',
            field=models.CharField(blank=True, choices=[('', 'Hồ sơ đã xong'), ('turned_down', 'Bản ghi máy quầy gửi mà xã không nhận'), ('draft', 'Bản nháp không ai nộp')], default='', max_length=12),
        ),
        migrations.AlterField(
            model_name='dossierstone',
            name='list',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.erasurelist'),
        ),
        migrations.AddField(
            model_name='dossierstone',
            name='source',
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
