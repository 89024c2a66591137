"""Filters of the inbox that officials keep."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_followers_and_quality"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("commune", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.commune")),
                ("official", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("commune", "official", "name"), name="saved_filter_once_per_name"),
                ],
            },
        ),
        Isolate("reports_savedfilter"),
    ]
