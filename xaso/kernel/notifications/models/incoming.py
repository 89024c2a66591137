"""Texts that people sent to the commune: each counts once, however often it comes."""

from django.db import models

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.kernel.working_time import clock


class Incoming(models.Model):
    """One text; sender and words are sealed, and blanked after a while. The number stays for good.

    `outside_id` is the gateway's own number for it, or a digest of what it handed over.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    channel = models.CharField(max_length=20)
    outside_id = models.CharField(max_length=128)
    sender = SealedTextField(context="notifications_incoming.sender", default="")
    text = SealedTextField(context="notifications_incoming.text", default="")
    received_at = models.DateTimeField(default=clock.now)
    blanked_at = models.DateTimeField(null=True)
    read_as = models.CharField(max_length=40, blank=True)  # what the reading room made of it

    class Meta:
        indexes = [
            models.Index(fields=["commune", "-received_at"], name="incoming_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "channel", "outside_id"], name="incoming_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%Y-%m-%d %H:%M}"
