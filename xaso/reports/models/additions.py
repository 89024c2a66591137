"""What a phone added to a report later: known by its key, so that a repetition adds nothing."""

from django.db import models

from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report


class Addition(models.Model):
    """One addition; its words stand in the report's history, its photos with the report's."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="additions")
    uuid = models.UUIDField()  # the phone's own key
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="addition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} + {str(self.uuid)[:8]}"
