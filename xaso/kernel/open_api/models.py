"""What was answered to a request that may come again."""

from django.db import models

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField


class Answered(models.Model):
    """The first answer to an `Idempotency-Key`, given again for two days.

    The key is kept as a digest together with who sent it and to which route; the body is sealed,
    for it may hold what a resident wrote.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    key = models.CharField(max_length=64, db_collation="C")  # digest of sender, route and key
    request = models.CharField(max_length=64, db_collation="C")  # digest of what was sent
    status = models.PositiveSmallIntegerField(null=True)  # null while the first one is at work
    content_type = models.CharField(max_length=100, blank=True)
    location = models.CharField(max_length=400, blank=True)
    body = SealedTextField(context="open_api_answered.body", default="", blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "key"], name="answered_once_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.status or '…'}"
