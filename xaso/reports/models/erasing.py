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
    outcome = models.CharField(max_length=20, blank=True)
    on_time = models.CharField(max_length=6, blank=True)  # first, later, no
    score = models.PositiveSmallIntegerField(null=True)
    last_hash = models.CharField(max_length=64)
    events = models.PositiveIntegerField()
    deleted_at = models.DateTimeField()
    rule = models.CharField(max_length=60)  # of the rule book

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="tombstone_once"),
            models.UniqueConstraint(fields=["commune", "report_key"], name="tombstone_of_report"),
        ]

    def __str__(self) -> str:
        return self.code
