"""Reports sent for somebody else, and sheets of paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune

KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
COMMUNE = ("commune", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.commune"))


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("places", "0002_lai_chau"),
        ("reports", "0008_search_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Help",
            fields=[
                KEY,
                ("reach", models.CharField(choices=[("own", "Số của chính người nhờ"), ("neighbour", "Số của hàng xóm, người nhà"), ("helper", "Báo qua người gửi hộ"), ("slip", "Chỉ đưa giấy hẹn")], max_length=10)),
                ("may_follow_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                COMMUNE,
                ("helper", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("report", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="help", to="reports.report")),
            ],
            options={"indexes": [models.Index(fields=["commune", "helper", "-created_at"], name="help_of_helper")]},
        ),
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                KEY,
                ("number", models.PositiveIntegerField()),
                ("collected_on", models.DateField(null=True)),
                ("printed_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                COMMUNE,
                ("helper", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("photo", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="attachments.attachment")),
                ("village", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="places.village")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("commune", "number"), name="paper_sheet_number")]},
        ),
        Isolate("reports_help"),
        Isolate("reports_papersheet"),
        SameCommune("reports_help", "report_id", "reports_report"),
        SameCommune("reports_papersheet", "photo_id", "attachments_attachment"),
        SameCommune("reports_papersheet", "village_id", "places_village"),
    ]
