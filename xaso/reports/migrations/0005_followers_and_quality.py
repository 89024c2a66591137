# Followers with codes of their own, decisions about duplicates, tasks after an answer.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune


class Migration(migrations.Migration):

    dependencies = [
        ('attachments', '0001_initial'),
        ('identity', '0001_initial'),
        ('places', '0002_lai_chau'),
        ('reports', '0004_partners'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DuplicateSuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.DecimalField(decimal_places=1, max_digits=4)),
                ('factors', models.JSONField(default=dict)),
                ('shown_to', models.CharField(max_length=10)),
                ('decision', models.CharField(choices=[('merged', 'Gộp vào phản ánh này'), ('followed', 'Tôi cũng gặp'), ('different', 'Việc khác')], max_length=10)),
                ('decided_by', models.CharField(blank=True, max_length=64)),
                ('decided_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReportTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('review', 'Xem lại câu trả lời'), ('meeting', 'Hẹn gặp hoặc gọi điện'), ('follow_up', 'Kiểm tra việc đã hẹn')], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('text', models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='follower',
            name='follower_once_per_device',
        ),
        migrations.AddField(
            model_name='catalogue',
            name='meeting_days',
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name='catalogue',
            name='review_days',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name='category',
            name='alike_days',
            field=models.PositiveSmallIntegerField(default=28),
        ),
        migrations.AddField(
            model_name='category',
            name='alike_within_m',
            field=models.PositiveSmallIntegerField(default=250),
        ),
        migrations.AddField(
            model_name='feedback',
            name='photo',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='wants_reopening',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='follower',
            name='code',
            field=models.CharField(blank=True, max_length=9),
        ),
        migrations.AddField(
            model_name='follower',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='follower',
            name='first_report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.report'),
        ),
        migrations.AddField(
            model_name='photo',
            name='follower',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.follower'),
        ),
        migrations.AlterField(
            model_name='follower',
            name='kind',
            field=models.CharField(choices=[('me_too', 'Tôi cũng gặp'), ('watch', 'Chỉ theo dõi')], default='me_too', max_length=10),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state__in', ['new', 'accepted', 'in_progress', 'waiting_info', 'forwarded'])), fields=['commune', 'lat', 'lon'], name='report_open_by_place'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state__in', ['new', 'accepted', 'in_progress', 'waiting_info', 'forwarded']), ('visibility', 'public')), fields=['commune', 'public_lat', 'public_lon'], name='report_open_by_public_place'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state__in', ['new', 'accepted', 'in_progress', 'waiting_info', 'forwarded'])), fields=['commune', 'village', '-received_at'], name='report_open_by_village'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('alike_within_m__range', (50, 1000)), ('alike_days__gt', 0)), name='category_alike_is_near'),
        ),
        migrations.AddConstraint(
            model_name='follower',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('device_hash', ''), _negated=True), ('from_code', ''), ('ended_at__isnull', True)), fields=('report', 'device_hash'), name='follower_once_per_device'),
        ),
        migrations.AddConstraint(
            model_name='follower',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('commune', 'code'), name='follower_code_in_commune'),
        ),
        migrations.AddField(
            model_name='duplicatesuggestion',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AddField(
            model_name='duplicatesuggestion',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.report'),
        ),
        migrations.AddField(
            model_name='duplicatesuggestion',
            name='report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='reports.report'),
        ),
        migrations.AddField(
            model_name='reporttask',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='reports.answer'),
        ),
        migrations.AddField(
            model_name='reporttask',
            name='assignee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reporttask',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune'),
        ),
        migrations.AddField(
            model_name='reporttask',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reporttask',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='reports.report'),
        ),
        migrations.AddConstraint(
            model_name='duplicatesuggestion',
            constraint=models.UniqueConstraint(fields=('report', 'other', 'shown_to'), name='suggestion_decided_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatesuggestion',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='suggestion_score_is_percent'),
        ),
        migrations.AddIndex(
            model_name='reporttask',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['commune', 'due_at'], name='task_open_by_due'),
        ),
        migrations.AddConstraint(
            model_name='reporttask',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('answer', 'kind'), name='one_open_task_of_a_kind_per_answer'),
        ),
        Isolate('reports_duplicatesuggestion'),
        Isolate('reports_reporttask'),
        SameCommune('reports_duplicatesuggestion', 'report_id', 'reports_report'),
        SameCommune('reports_duplicatesuggestion', 'other_id', 'reports_report'),
        SameCommune('reports_reporttask', 'report_id', 'reports_report'),
        SameCommune('reports_reporttask', 'answer_id', 'reports_answer'),
        SameCommune('reports_follower', 'first_report_id', 'reports_report'),
        SameCommune('reports_feedback', 'photo_id', 'attachments_attachment'),
        SameCommune('reports_photo', 'follower_id', 'reports_follower'),
    ]
