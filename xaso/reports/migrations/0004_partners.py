# Questions of a category as dated rows; what partners send beside a report.

import django.db.models.deletion
import xaso.kernel.sealing.fields
import xaso.kernel.working_time.clock
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune

TABLES = ("categoryquestion", "partnerreport", "partnermedia", "partnerword")
PARENTS = (
    ("categoryquestion", "category_id", "reports_category"),
    ("partnerreport", "report_id", "reports_report"),
    ("partnerreport", "api_key_id", "identity_apikey"),
    ("partnermedia", "report_id", "reports_report"),
    ("partnerword", "report_id", "reports_report"),
    ("partnerword", "api_key_id", "identity_apikey"),
)


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
        ('places', '0002_lai_chau'),
        ('reports', '0003_duty'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='category',
            name='questions',
        ),
        migrations.AddField(
            model_name='catalogue',
            name='changed_at',
            field=models.DateTimeField(default=xaso.kernel.working_time.clock.now),
        ),
        migrations.AddField(
            model_name='catalogue',
            name='offers_regulations',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='category',
            name='keywords',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.CreateModel(
            name='PartnerMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000)),
                ('state', models.CharField(choices=[('kept', 'Chỉ giữ địa chỉ'), ('waiting', 'Đang tải về'), ('fetched', 'Đã tải về'), ('failed', 'Không tải được')], default='kept', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partner_media', to='reports.report')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CategoryQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('datatype', models.CharField(choices=[('string', 'Một dòng chữ'), ('text', 'Nhiều dòng chữ'), ('number', 'Con số'), ('datetime', 'Ngày giờ'), ('singlevaluelist', 'Chọn một ý'), ('multivaluelist', 'Chọn nhiều ý')], default='string', max_length=20)),
                ('is_asked', models.BooleanField(default=True)),
                ('is_required', models.BooleanField(default=False)),
                ('is_public', models.BooleanField(default=False)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('text', models.CharField(max_length=300)),
                ('hint', models.CharField(blank=True, max_length=200)),
                ('choices', models.JSONField(default=list)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='reports.category')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
            options={
                'ordering': ['category', 'order', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('commune', 'category', 'code'), name='question_once_at_a_time'), models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Za-z0-9_-]+$')), name='question_code_is_plain')],
            },
        ),
        migrations.CreateModel(
            name='PartnerReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_collation='C', max_length=64)),
                ('extra', xaso.kernel.sealing.fields.SealedTextField(context='reports_partnerreport.extra', default='', editable=True)),
                ('created_at', models.DateTimeField()),
                ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.apikey')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='partner', to='reports.report')),
            ],
            options={
                'indexes': [models.Index(fields=['commune', 'api_key', 'digest'], name='partner_report_again')],
            },
        ),
        migrations.CreateModel(
            name='PartnerWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('update_id', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.apikey')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.report')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('commune', 'api_key', 'update_id'), name='partner_word_once')],
            },
        ),
        *(Isolate(f"reports_{table}") for table in TABLES),
        *(
            SameCommune(f"reports_{child}", column, parent)
            for child, column, parent in PARENTS
        ),
    ]
