"""What keeps personal data from being used too much: records set apart, looks that are odd."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.population.models.person import Person
from xaso.population.models.privacy import SubjectRequest, ViewLog
from xaso.population.models.words import LookVerdict, OddLook


class Restriction(models.Model):
    """A record that is kept and not used: found by nobody but those who look after rights."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="restrictions")
    request = models.ForeignKey(SubjectRequest, models.PROTECT, null=True, related_name="+")
    reason = SealedTextField(context="population_restriction.reason", default="")
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    end_reason = SealedTextField(context="population_restriction.end_reason", default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person"],
                condition=Q(ended_at__isnull=True),
                name="one_restriction_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"


class StaffPerson(models.Model):
    """Which record is an official's own: looks at it and at the family's are odd."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    official = models.ForeignKey(Official, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "official"], name="one_record_per_official"),
            models.UniqueConstraint(fields=["commune", "person"], name="one_official_per_record"),
        ]

    def __str__(self) -> str:
        return f"record of official {self.official_id}"


class LookAlert(models.Model):
    """Looks that are odd, put together by kind, viewer and `slot`; a human says what they were.

    `slot` is what makes an alert one: an hour, a night or the key of a look. No name of a resident
    stands here: whoever decides sees how many, when and what for.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    kind = models.CharField(max_length=10, choices=OddLook)
    viewer_kind = models.CharField(max_length=20)
    viewer = models.CharField(max_length=80)
    slot = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    persons = models.PositiveIntegerField()
    purposes = ArrayField(models.CharField(max_length=60), default=list)
    look = models.ForeignKey(ViewLog, models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(SubjectRequest, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=LookVerdict, blank=True, default="")
    note = SealedTextField(context="population_lookalert.note", default="")
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["commune", "-last_at"], name="look_alert_open", condition=Q(verdict="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "kind", "viewer_kind", "viewer", "slot"],
                name="odd_looks_alert_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SpellingClass(models.Model):
    """One beginning of words that sounds like another in this commune; the first that fits holds.

    A commune without rows uses those the program brings (`sounding.SHIPPED`).
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    place = models.PositiveSmallIntegerField()
    beginning = models.CharField(max_length=6, db_collation="C")
    instead = models.CharField(max_length=6, db_collation="C")
    is_before_vowel = models.BooleanField(default=False)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "beginning"], name="spelling_class_once"),
        ]

    def __str__(self) -> str:
        return f"{self.beginning} → {self.instead}"
