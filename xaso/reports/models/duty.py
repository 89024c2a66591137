"""Who is on duty when: dated rows, entered by people, never edited into the past."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from xaso.kernel.places.models import Commune

_PERIOD = Func(F("starts_at"), F("ends_at"), function="tstzrange")


class DutyShift(models.Model):
    """One official is on duty from one moment to another, day and night.

    `order` says who is called first when several are on duty together. A shift taken off the
    roster keeps its row with `removed_at`: the log can say who was meant to answer.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    official = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the first moment it no longer holds
    order = models.PositiveSmallIntegerField(default=1)
    phone = models.CharField(max_length=20, blank=True)  # the number that is answered on duty
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "order", "id"]
        indexes = [
            models.Index(
                fields=["commune", "ends_at"],
                name="duty_by_end",
                condition=Q(removed_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="on_duty_once_at_a_time",
                expressions=[
                    ("commune", RangeOperators.EQUAL),
                    ("official", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official_id}: {self.starts_at:%Y-%m-%d %H:%M}"
