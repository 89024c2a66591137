"""Voice notes of reports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("reports", "0009_helpers_and_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("report", "voice_count", models.PositiveSmallIntegerField(default=0)),
        migrations.CreateModel(
            name="VoiceNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("state", models.CharField(choices=[("expected", "Tiếng nói đang tới"), ("received", "Đã có tiếng nói")], default="expected", max_length=10)),
                ("seconds", models.PositiveSmallIntegerField(default=0)),
                ("lang", models.CharField(default="vie", max_length=8)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("transcript", models.TextField(blank=True)),
                ("transcribed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("attachment", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="attachments.attachment")),
                ("commune", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.commune")),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="voices", to="reports.report")),
                ("transcribed_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["report", "order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "sha256"), name="voice_once_per_report"),
                    models.CheckConstraint(condition=models.Q(("seconds__lte", 120)), name="voice_is_two_minutes_at_most"),
                ],
            },
        ),
        Isolate("reports_voicenote"),
        SameCommune("reports_voicenote", "report_id", "reports_report"),
        SameCommune("reports_voicenote", "attachment_id", "attachments_attachment"),
    ]
