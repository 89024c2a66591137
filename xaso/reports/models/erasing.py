"""What remains of a report that was erased."""

from django.db import models

from xaso.kernel.places.models import Commune


class Tombstone(models.Model):
    """A report that is no longer kept: what is counted, and that its key is used up.

    `last_hash` and `events` are the head of its history, so that a copy elsewhere can be checked.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    report_key = models.BigIntegerField()  # the report's own key, whether its row is left or not
    uuid = models.UUIDField()
    code = models.CharField(max_length=9)
    category = models.CharField(max_length=40)  # code
    village = models.CharField(max_length=10, blank=True)  # code
    received_month = models.DateField()  # its first day
    state = models.CharField(max_length=20, blank=True)  # its last one
    outcome = models.CharField(max_length=20, blank=True)
    reason_code = models.CharField(max_length=30, blank=True)
    on_time = models.CharField(max_length=6, blank=True)  # first, later, no
    score = models.PositiveSmallIntegerField(null=True)
    was_public = models.BooleanField(default=False)  # then open data still count it
    follower_count = models.PositiveIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    last_hash = models.CharField(max_length=64)
    events = models.PositiveIntegerField()
    deleted_at = models.DateTimeField()
    rule = models.CharField(max_length=60)  # of the rule book

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="tombstone_once"),
            models.UniqueConstraint(fields=["commune", "report_key"], name="tombstone_of_report"),
            models.UniqueConstraint(fields=["commune", "code"], name="tombstone_of_code"),
        ]
        indexes = [
            models.Index(fields=["commune", "received_month"], name="tombstone_by_month"),
        ]

    def __str__(self) -> str:
        return self.code
