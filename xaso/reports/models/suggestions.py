"""What was shown to somebody as perhaps the same matter, and what that person decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report


class DuplicateSuggestion(models.Model):
    """One pair somebody looked at. The machine suggests; this row keeps what a person said.

    `report` is empty when a resident followed the other report instead of sending one.
    """

    class Decision(models.TextChoices):
        """What the person said."""

        MERGED = "merged", _("Gộp vào phản ánh này")
        FOLLOWED = "followed", _("Tôi cũng gặp")
        DIFFERENT = "different", _("Việc khác")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="suggestions")
    other = models.ForeignKey(Report, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=4, decimal_places=1)  # 0-100
    factors = models.JSONField(default=dict)  # name → 0-1, only those that were known
    shown_to = models.CharField(max_length=10)  # resident, official
    decision = models.CharField(max_length=10, choices=Decision)
    decided_by = models.CharField(max_length=64, blank=True)  # key of the official, else empty
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "other", "shown_to"], name="suggestion_decided_once"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=100), name="suggestion_score_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} ~ {self.other_id}: {self.score}"
