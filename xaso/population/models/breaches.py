"""Personal data that got out, or an exercise of it: what is known, and each step that was taken."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.population.models.words import BreachStep


class Breach(models.Model):
    """One incident as it was noticed; `due_at` was reckoned by the rule of the day it was noticed.

    An account and a period say which looks are concerned. Neither an incident nor its steps are
    ever changed or deleted: the database refuses it. An exercise is marked, and counts nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    is_drill = models.BooleanField()
    noticed_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the authority is told by then
    text = SealedTextField(context="population_breach.text")
    account = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "is_drill", "-noticed_at"], name="breaches_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(began_at__lt=F("ended_at")), name="breach_period_is_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"breach {self.pk}"


class BreachDeed(models.Model):
    """A step that was taken: which, when, by whom, in what words; each place is taken once."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="deeds")
    place = models.PositiveSmallIntegerField()  # 1, 2, …: two who press at once do not pass by
    step = models.CharField(max_length=10, choices=BreachStep)
    note = SealedTextField(context="population_breachdeed.note", default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "breach", "place"], name="breach_step_is_taken_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of breach {self.breach_id}"
