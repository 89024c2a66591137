"""The outbox: what people are told, and whether it reached them."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.kernel.working_time import clock


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
        UNKNOWN = "unknown", _("Không rõ đã tới chưa")  # it left, and no answer came
        MERGED = (
            "merged",
            _("Đã gộp vào tin sau"),
        )  # a later message about the same record says more

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    event = models.CharField(max_length=80)  # room.what_happened
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    key = models.CharField(max_length=120)  # the event's own number, from the calling room
    recipient = models.CharField(max_length=80)  # a key, never a name
    channel = models.CharField(max_length=20)
    address = SealedTextField(context="notifications_message.address")
    # A phone to call when this way fails; empty where there is none, or none is to be called.
    fallback = SealedTextField(context="notifications_message.fallback", default="")
    title = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)  # where to look
    # A link that opens something by itself: put into the text when it leaves, then forgotten.
    private_link = SealedTextField(context="notifications_message.private_link", default="")
    is_urgent = models.BooleanField(default=False)  # may wake someone at night
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Parts or messages that a company charges for, of every try that left.
    units = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()  # not before
    error = models.CharField(max_length=200, blank=True)  # personal data masked
    outside_id = models.CharField(max_length=120, blank=True)  # the other side's own number for it
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)  # the other side proved that the phone has it
    handled_by = models.CharField(max_length=80, blank=True)  # an official's key: who called

    class Meta:
        indexes = [
            models.Index(fields=["commune", "-created_at"], name="message_newest"),
            models.Index(fields=["commune", "subject_type", "subject_id"], name="message_subject"),
            models.Index(
                fields=["commune", "channel", "next_at"],
                name="message_waiting",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["commune", "channel", "outside_id"],
                name="message_outside",
                condition=~models.Q(outside_id=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "key", "recipient", "channel"], name="message_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.status}"
