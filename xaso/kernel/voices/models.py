"""Recordings of sentences."""

from django.conf import settings
from django.db import models

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune


class Clip(models.Model):
    """One sentence in one language as somebody spoke it; a new recording takes the old one's place.

    `said` is the Vietnamese text at the time: when the page says something else now, the clip is
    old and the administrator sees it.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    key = models.CharField(max_length=60)
    lang = models.CharField(max_length=3)  # ISO 639-3
    said = models.TextField()
    recording = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "key", "lang"], name="clip_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.lang}"
