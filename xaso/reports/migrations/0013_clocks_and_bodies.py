# What waits for a yes, who was warned; links for outside bodies.

import django.db.models.deletion
import xaso.reports.models.catalogue
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0001_initial'),
        ('places', '0002_lai_chau'),
        ('reports', '0012_redaction'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('extend', 'Hẹn lại'), ('reject', 'Không xử lý'), ('give_up', 'Dừng vì bà con không trả lời')], max_length=10)),
                ('state', models.CharField(choices=[('open', 'Chờ duyệt'), ('approved', 'Đã duyệt'), ('declined', 'Không duyệt'), ('taken_back', 'Đã rút')], default='open', max_length=10)),
                ('order', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='DeadlineWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('due_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ForwardFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='body',
            name='kind',
            field=models.CharField(choices=[('department', 'Sở của tỉnh'), ('power', 'Điện lực'), ('telecom', 'Viễn thông'), ('roads', 'Đường bộ'), ('police', 'Công an'), ('health', 'Trạm y tế'), ('other', 'Cơ quan khác')], default='other', max_length=12),
        ),
        migrations.AddField(
            model_name='catalogue',
            name='followed_calendar',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='catalogue',
            name='remind_days',
            field=models.JSONField(default=xaso.reports.models.catalogue.usual_reminders),
        ),
        migrations.AddField(
            model_name='forward',
            name='agreed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='forward',
            name='link_expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='forward',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='forward',
            name='reminder_count',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='forward',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['commune', 'child_due_at'], name='forward_running'),
        ),
        migrations.AddConstraint(
            model_name='forward',
            constraint=models.UniqueConstraint(condition=models.Q(('link_token_hash', ''), _negated=True), fields=('commune', 'link_token_hash'), name='forward_link_once'),
        ),
        migrations.AddField(
            model_name='approval',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AddField(
            model_name='approval',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='reports.report'),
        ),
        migrations.AddField(
            model_name='deadlinewarning',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AddField(
            model_name='deadlinewarning',
            name='official',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deadlinewarning',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='reports.report'),
        ),
        migrations.AddField(
            model_name='forwardfile',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment'),
        ),
        migrations.AddField(
            model_name='forwardfile',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AddField(
            model_name='forwardfile',
            name='forward',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.forward'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['commune', 'asked_at'], name='approval_open'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('report', 'kind'), name='one_open_approval_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), ('state', 'taken_back'), _connector='OR'), name='nobody_approves_their_own_request'),
        ),
        migrations.AddIndex(
            model_name='deadlinewarning',
            index=models.Index(fields=['commune', 'official', 'told_at'], name='warnings_of_person'),
        ),
        migrations.AddConstraint(
            model_name='deadlinewarning',
            constraint=models.UniqueConstraint(fields=('report', 'official', 'level', 'due_at'), name='warned_once'),
        ),
        migrations.AddConstraint(
            model_name='forwardfile',
            constraint=models.UniqueConstraint(fields=('forward', 'attachment'), name='forward_file_once'),
        ),
        *(Isolate(f'reports_{table}') for table in ('approval', 'deadlinewarning', 'forwardfile')),
        SameCommune('reports_approval', 'report_id', 'reports_report'),
        SameCommune('reports_deadlinewarning', 'report_id', 'reports_report'),
        SameCommune('reports_forwardfile', 'forward_id', 'reports_forward'),
        SameCommune('reports_forwardfile', 'attachment_id', 'attachments_attachment'),
    ]
