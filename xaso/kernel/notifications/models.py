"""The outbox: what people are told, and whether it reached them."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField


class Message(models.Model):
    """One text for one recipient over one channel, written in the transaction of the event.

    The text holds no personal data (no name, no exact place, no words of a report): a code and
    where to look. The address is sealed.
    """

    class Status(models.TextChoices):
        """Where a message stands."""

        WAITING = "waiting", _("Đang chờ gửi")
        SENT = "sent", _("Đã gửi")
        FAILED = "failed", _("Địa chỉ không nhận")
        GIVEN_UP = "given_up", _("Đã thử nhiều lần không được")

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    event = models.CharField(max_length=80)  # room.what_happened
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    key = models.CharField(max_length=120)  # the event's own number, from the calling room
    recipient = models.CharField(max_length=80)  # a key, never a name
    channel = models.CharField(max_length=20)
    address = SealedTextField(context="notifications_message.address")
    title = models.CharField(max_length=200)
    body = models.TextField()
    is_urgent = models.BooleanField(default=False)  # may wake someone at night
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()  # not before
    error = models.CharField(max_length=200, blank=True)  # personal data masked
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["commune", "-created_at"], name="message_newest"),
            models.Index(fields=["commune", "subject_type", "subject_id"], name="message_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "key", "recipient", "channel"], name="message_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.status}"
