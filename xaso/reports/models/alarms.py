"""An alarm for a hazard: who was called, who took it, what everybody may know."""

from django.conf import settings
from django.db import models

from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report


class Alarm(models.Model):
    """One alarm; it rings until somebody takes it."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.OneToOneField(Report, models.PROTECT, related_name="alarm")
    is_drill = models.BooleanField(default=False)
    is_grouped = models.BooleanField(default=False)  # one device's many alarms ring as one
    asks_back = models.BooleanField(default=False)  # the sender is called before others are
    called_back_at = models.DateTimeField(null=True)
    # The first letters of the key a phone gave the report: a text by SMS names them, too.
    letters = models.CharField(max_length=8, blank=True)
    # The alarm that rang for the same tap, by text or by the outbox: taken and ended with it.
    joined = models.ForeignKey("self", models.PROTECT, null=True, related_name="also")
    raised_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)  # everybody may know kind and village
    confirmed_by = models.CharField(max_length=64, blank=True)  # an official's key, or "devices"
    ended_at = models.DateTimeField(null=True)
    is_false = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["commune", "-raised_at"],
                name="alarm_not_ended",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(fields=["commune", "letters"], name="alarm_letters"),
        ]

    def __str__(self) -> str:
        return f"alarm {self.report_id}"


class AlarmCall(models.Model):
    """One call to one official; appended, never edited."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="calls")
    official = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # 0: all at once; then one every five minutes
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["alarm", "number", "id"]

    def __str__(self) -> str:
        return f"{self.alarm_id}/{self.number}"
