"""Recordings of sentences, kept apart by commune."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("attachments", "0001_initial"),
        ("places", "0002_lai_chau"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Clip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("lang", models.CharField(max_length=3)),
                ("said", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("commune", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.commune")),
                ("recorded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("recording", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="attachments.attachment")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("commune", "key", "lang"), name="clip_once_per_language")]},
        ),
        Isolate("voices_clip"),
        SameCommune("voices_clip", "recording_id", "attachments_attachment"),
    ]
