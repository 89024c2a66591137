# Documents with their originals, certificates, trusted roots, verdicts.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import AppendOnly, Isolate, SameCommune


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0002_blurred'),
        ('documents', '0002_check_keys'),
        ('places', '0002_lai_chau'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField()),
                ('code', models.CharField(max_length=16)),
                ('kind', models.CharField(max_length=30)),
                ('form_code', models.CharField(max_length=40)),
                ('form_version', models.CharField(blank=True, max_length=40)),
                ('subject', models.CharField(max_length=500)),
                ('data', models.JSONField(default=dict)),
                ('data_hash', models.CharField(max_length=64)),
                ('book', models.CharField(max_length=30)),
                ('notation', models.CharField(blank=True, max_length=60)),
                ('agency', models.CharField(max_length=200)),
                ('check_root', models.CharField(blank=True, max_length=200)),
                ('is_public', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('drafting', 'Đang soạn'), ('submitted', 'Đang trình ký'), ('returned', 'Trả lại'), ('approved', 'Đã duyệt'), ('numbered', 'Đã cấp số'), ('signed', 'Đã ký'), ('sealed', 'Đã ký số cơ quan'), ('issued', 'Đã phát hành'), ('replaced', 'Đã có bản thay thế'), ('recalled', 'Đã thu hồi'), ('void', 'Huỷ số')], default='drafting', max_length=12)),
                ('version', models.PositiveIntegerField(default=1)),
                ('signer_name', models.CharField(max_length=120)),
                ('signer_position', models.CharField(max_length=120)),
                ('dated', models.DateField(null=True)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('is_asked', models.BooleanField(default=False)),
                ('awaits_stamp', models.BooleanField(default=False)),
                ('trouble', models.CharField(blank=True, max_length=300)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('origin', models.CharField(blank=True, max_length=80)),
                ('follow_up', models.CharField(blank=True, max_length=80)),
                ('made_by', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('issued_at', models.DateTimeField(null=True)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('frozen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('number', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='document', to='documents.number')),
                ('original', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('signed', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DocumentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=30)),
                ('from_state', models.CharField(blank=True, max_length=12)),
                ('to_state', models.CharField(max_length=12)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_id', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('text', models.CharField(blank=True, max_length=500)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='documents.document')),
            ],
            options={
                'ordering': ['document', 'seq'],
            },
        ),
        migrations.CreateModel(
            name='RevocationList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=300)),
                ('der', models.BinaryField()),
                ('issued_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('kept_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.CreateModel(
            name='SignatureReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('result', models.CharField(max_length=10)),
                ('report', models.JSONField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='documents.document')),
            ],
        ),
        migrations.CreateModel(
            name='TrustRoot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('pem', models.TextField()),
                ('is_test', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('is_trusted', models.BooleanField(default=True)),
                ('made_by', models.CharField(max_length=64)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', 'Cá nhân'), ('agency', 'Cơ quan')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('serial', models.CharField(max_length=60)),
                ('sha256', models.CharField(max_length=64)),
                ('der', models.BinaryField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('holder', models.CharField(max_length=20)),
                ('ref', models.CharField(max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.CharField(blank=True, max_length=300)),
                ('made_by', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('commune', 'sha256'), name='certificate_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), ('official__isnull', False)), models.Q(('kind', 'agency'), ('official__isnull', True)), _connector='OR'), name='a_persons_certificate_names_the_person'), models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='certificate_ends_later')],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['commune', 'state', '-id'], name='document_by_state'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['commune', 'origin'], name='document_by_origin'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('commune', 'uuid'), name='document_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('commune', 'code'), name='document_code'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('number__isnull', False), ('state__in', ('drafting', 'submitted', 'returned', 'approved')), _connector='OR'), name='document_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('issued', 'replaced', 'recalled')), _negated=True), models.Q(('issued_at__isnull', False), ('original__isnull', False)), _connector='OR'), name='issued_document_has_its_original'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('returned', 'recalled', 'void')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='document_says_why'),
        ),
        migrations.AddConstraint(
            model_name='documentevent',
            constraint=models.UniqueConstraint(fields=('document', 'seq'), name='event_seq_of_document'),
        ),
        migrations.AddConstraint(
            model_name='revocationlist',
            constraint=models.UniqueConstraint(fields=('commune', 'issuer'), name='one_list_per_issuer'),
        ),
        migrations.AddIndex(
            model_name='signaturereport',
            index=models.Index(fields=['document', '-id'], name='report_of_document'),
        ),
        migrations.AddConstraint(
            model_name='trustroot',
            constraint=models.UniqueConstraint(fields=('commune', 'sha256'), name='root_once'),
        ),
        *(
            Isolate(f"documents_{table}")
            for table in (
                "trustroot", "revocationlist", "certificate", "document", "documentevent",
                "signaturereport",
            )
        ),
        SameCommune("documents_document", "number_id", "documents_number"),
        SameCommune("documents_document", "frozen_id", "attachments_attachment"),
        SameCommune("documents_document", "signed_id", "attachments_attachment"),
        SameCommune("documents_document", "original_id", "attachments_attachment"),
        SameCommune("documents_document", "replaced_by_id", "documents_document"),
        SameCommune("documents_documentevent", "document_id", "documents_document"),
        SameCommune("documents_signaturereport", "document_id", "documents_document"),
        AppendOnly("documents_documentevent"),
        AppendOnly("documents_signaturereport"),
    ]
