# Keys that prove slips, also without a network.

import django.db.models.deletion
import xaso.kernel.sealing.fields
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_initial'),
        ('places', '0002_lai_chau'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kid', models.CharField(max_length=8)),
                ('kind', models.CharField(choices=[('server', 'Máy chủ của xã'), ('device', 'Máy ở quầy')], max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('x', models.CharField(max_length=43)),
                ('y', models.CharField(max_length=43)),
                ('private', xaso.kernel.sealing.fields.SealedTextField(context='documents_checkkey.private', default='', editable=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('is_lost', models.BooleanField(default=False)),
                ('made_by', models.CharField(max_length=64)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('commune', 'kid'), name='check_key_once'), models.UniqueConstraint(condition=models.Q(('kind', 'server'), ('valid_to__isnull', True)), fields=('commune',), name='one_server_key'), models.CheckConstraint(condition=models.Q(('kind', 'server'), ('private', b''), _connector='OR'), name='device_keeps_its_private_half')],
            },
        ),
        Isolate("documents_checkkey"),
    ]
