"""What somebody said instead of writing it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report

LONGEST = 120  # seconds
MOST_VOICES = 2
LARGEST = 2 * 1024 * 1024  # bytes: two minutes of the heaviest phone


class VoiceNote(models.Model):
    """A recording of a report, announced by its digest before its bytes arrive; never published.

    `transcript` is what an official or helper wrote down from it; the recording stays.
    """

    class State(models.TextChoices):
        """Whether the bytes are here."""

        EXPECTED = "expected", _("Tiếng nói đang tới")
        RECEIVED = "received", _("Đã có tiếng nói")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="voices")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    seconds = models.PositiveSmallIntegerField(default=0)  # as the phone says
    lang = models.CharField(max_length=8, default="vie")  # ISO 639-3
    order = models.PositiveSmallIntegerField(default=0)
    transcript = models.TextField(blank=True)
    transcribed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    transcribed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="voice_once_per_report"),
            models.CheckConstraint(
                condition=models.Q(seconds__lte=LONGEST), name="voice_is_two_minutes_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.sha256[:8]}"
