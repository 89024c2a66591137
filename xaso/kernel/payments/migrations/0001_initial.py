# Accounts a commune is paid into.

import django.db.models.deletion
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0002_lai_chau'),
    ]

    operations = [
        migrations.CreateModel(
            name='PayeeAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use', models.SlugField(default='fees', max_length=20)),
                ('bin', models.CharField(max_length=6)),
                ('number', models.CharField(max_length=19)),
                ('holder', models.CharField(max_length=120)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('made_by', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('commune', 'use', 'valid_from'), name='one_payee_account_per_day'), models.CheckConstraint(condition=models.Q(('bin__regex', '^\\d{6}$'), ('number__regex', '^[0-9A-Za-z]{1,19}$')), name='payee_account_is_a_number'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='payee_account_ends_after_it_begins')],
            },
        ),
        Isolate("payments_payeeaccount"),
    ]
