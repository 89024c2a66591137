import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import xaso.kernel.sealing.fields
from xaso.kernel.tenancy.operations import Isolate, SameCommune


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0002_blurred'),
        ('dossiers', '0012_help_and_own_reminders'),
        ('places', '0002_lai_chau'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure', models.CharField(blank=True, db_collation='C', max_length=40)),
                ('field', models.CharField(blank=True, db_collation='C', max_length=20)),
                ('valid_from', models.DateField()),
                ('certifying', models.CharField(choices=[('never', 'Không cần chứng thực'), ('unless_near', 'Phải chứng thực, trừ người thân đã chọn'), ('always', 'Phải chứng thực')], max_length=12)),
                ('near', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('spouse', 'Vợ, chồng'), ('parent', 'Cha, mẹ'), ('child', 'Con'), ('sibling', 'Anh, chị, em ruột'), ('grandparent', 'Ông, bà'), ('relative', 'Người thân khác'), ('other', 'Người khác')], max_length=12), default=list, size=None)),
                ('sureness', models.CharField(choices=[('law', 'Đọc trong văn bản gốc'), ('source', 'Theo tài liệu dẫn lại'), ('unverified', 'Chưa đối chiếu văn bản gốc')], max_length=12)),
                ('source', models.CharField(max_length=300)),
                ('set_by', models.CharField(max_length=64)),
                ('set_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('commune', 'procedure', 'field', 'valid_from'), name='one_authority_rule_a_day'), models.CheckConstraint(condition=models.Q(('procedure', ''), ('field', ''), _connector='OR'), name='authority_rule_is_for_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='ResultReceiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', xaso.kernel.sealing.fields.SealedTextField(context='dossiers_resultreceiver.name', default='', editable=True)),
                ('id_number', xaso.kernel.sealing.fields.SealedTextField(context='dossiers_resultreceiver.id_number', default='', editable=True)),
                ('id_index', models.CharField(max_length=64)),
                ('relation', models.CharField(choices=[('spouse', 'Vợ, chồng'), ('parent', 'Cha, mẹ'), ('child', 'Con'), ('sibling', 'Anh, chị, em ruột'), ('grandparent', 'Ông, bà'), ('relative', 'Người thân khác'), ('other', 'Người khác')], max_length=12)),
                ('is_certified', models.BooleanField()),
                ('authorised_on', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('rule', models.CharField(max_length=300)),
                ('given_by', models.CharField(max_length=64)),
                ('given_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receiver', to='dossiers.dossier')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
            ],
            options={
                'indexes': [models.Index(fields=['commune', 'id_index'], name='result_receiver_by_number')],
            },
        ),
        Isolate("dossiers_authorityrule"),
        Isolate("dossiers_resultreceiver"),
        SameCommune("dossiers_resultreceiver", "dossier_id", "dossiers_dossier"),
        SameCommune("dossiers_resultreceiver", "evidence_id", "attachments_attachment"),
    ]
