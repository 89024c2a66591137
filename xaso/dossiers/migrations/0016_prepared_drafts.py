import django.db.models.deletion
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0015_erase_agreements'),
        ('places', '0002_lai_chau'),
    ]

    operations = [
        migrations.AlterField(
            model_name='proactiveanswer',
            name='said',
            field=models.CharField(choices=[('yes', 'Bà con đồng ý'), ('no', 'Bà con không cần'), ('not_reached', 'Chưa gặp được'), ('texted', 'Đã nhắn tin')], max_length=12),
        ),
        migrations.CreateModel(
            name='ProactiveDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=30)),
                ('person', models.UUIDField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='prepared', to='dossiers.dossier')),
            ],
        ),
        Isolate("dossiers_proactivedraft"),
        SameCommune("dossiers_proactivedraft", "dossier_id", "dossiers_dossier"),
    ]
