"""What is kept of sealed reports: photographs, appointments, hand-overs. Words are sealed bytes."""

from django.conf import settings
from django.db import models

from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.reports.models.report import Report


class SealedPhoto(models.Model):
    """One photo (a clean JPEG) or recording of a sealed report, in no folder of files."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="sealed_photos")
    order = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)  # as the sender announced it: a retry is known
    media_type = models.CharField(max_length=100, default="image/jpeg")
    body = SealedTextField(context="reports_sealedphoto.body")  # base64
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="sealed_photo_once"),
        ]

    def __str__(self) -> str:
        return f"sealed photo {self.report_id}/{self.order}"

    @property
    def is_sound(self) -> bool:
        """Return whether it is heard, not seen."""
        return self.media_type.startswith("audio/")


class KeptFrom(models.Model):
    """A unit or an official that a report is about: they neither read it nor handle it."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="kept_from")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "unit", "official"],
                name="kept_from_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) ^ models.Q(official__isnull=False),
                name="kept_from_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.unit_id or self.official_id}"


class ReceptionSlot(models.Model):
    """One time at which leaders receive citizens (lịch tiếp công dân)."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    room = models.CharField(max_length=120, blank=True)
    host = models.CharField(max_length=120, blank=True)  # who receives
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "starts_at", "room"], name="one_reception_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Appointment(models.Model):
    """Who comes when: a slot taken for one sealed report. The person's name stays sealed."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    slot = models.OneToOneField(ReceptionSlot, models.PROTECT, related_name="appointment")
    report = models.ForeignKey(Report, models.PROTECT, related_name="appointments")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.slot_id} {self.report_id}"


class Handover(models.Model):
    """The receipt of a tip handed to the police: when, to which unit, who took it, and no content.

    `digest` is that of what was handed over, so that nobody can say later it was something else.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.OneToOneField(Report, models.PROTECT, related_name="handover")
    unit_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    handed_at = models.DateTimeField()
    due_at = models.DateTimeField()  # until when it must be acknowledged
    reminded_at = models.DateTimeField(null=True)  # leaders were told that nobody did
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"handover {self.report_id}"
