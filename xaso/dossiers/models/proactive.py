"""What the commune reminds people of before they ask, and who said that they do not want it."""

from django.db import models
from django.db.models import Q

from xaso.kernel.places.models import Commune
from xaso.population.models import Sureness


class ProactiveRule(models.Model):
    """One reminder as it holds from a day on; the newest that began holds.

    `amount` is days for a birth, years for an age, nothing for a paper that ends. `level` as in NĐ
    224/2026/NĐ-CP art. 16: 1 reminds, 2 prepares a draft.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.CharField(max_length=30, db_collation="C")
    valid_from = models.DateField()
    amount = models.PositiveSmallIntegerField()
    ahead_days = models.PositiveSmallIntegerField()  # listed so long before
    behind_days = models.PositiveSmallIntegerField()  # and kept so long after
    level = models.PositiveSmallIntegerField()
    procedure = models.CharField(max_length=40, blank=True)  # code
    is_on = models.BooleanField(default=True)
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "code", "valid_from"], name="one_proactive_rule_a_day"
            ),
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="proactive_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class ProactiveRefusal(models.Model):
    """Somebody does not want to be reminded of this; another mind is a date, the row stays."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.UUIDField()  # of the register of people, as it was then
    code = models.CharField(max_length=30, db_collation="C")
    noted_by = models.CharField(max_length=64)
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "code"],
                condition=Q(ended_at__isnull=True),
                name="one_open_refusal_per_reminder",
            ),
        ]

    def __str__(self) -> str:
        return f"refusal {self.pk}"
