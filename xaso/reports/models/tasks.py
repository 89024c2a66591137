"""What is still to be done about an answer: review it, meet the sender, see a promise kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from xaso.kernel.places.models import Commune
from xaso.reports.models.answers import Answer
from xaso.reports.models.report import Report
from xaso.reports.models.words import TaskKind


class ReportTask(models.Model):
    """One thing a person has to do by a moment. Whether it is late is computed."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="tasks")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=10, choices=TaskKind)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, blank=True)
    text = models.TextField(blank=True)  # for colleagues

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "kind"],
                name="one_open_task_of_a_kind_per_answer",
                condition=Q(done_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "due_at"],
                name="task_open_by_due",
                condition=Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.report_id}"
