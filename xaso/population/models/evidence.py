"""Where each value came from, and what was merged."""

from uuid import uuid4

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from xaso.kernel.places.models import Commune
from xaso.population.models.person import Person
from xaso.population.models.words import CaseState, Source


class FieldEvidence(models.Model):
    """Who said what a field holds, and when it was verified; the newest row is current.

    Only a keyed digest of the value is kept: equal values are seen to be equal, nothing else.
    """

    # half a million rows of a list: the policy holds the commune, a check of each row only costs
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False, db_constraint=False)
    subject_kind = models.CharField(max_length=20)  # person, household, dwelling
    subject = models.UUIDField()
    field = models.CharField(max_length=40)
    value_digest = models.CharField(max_length=64)
    source = models.CharField(max_length=15, choices=Source)
    source_ref = models.CharField(max_length=120, blank=True)
    verified_at = models.DateField(null=True)
    verified_by = models.CharField(max_length=64, blank=True)
    stated_on = models.DateField(null=True)  # the day a list speaks of, when it came by one
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "subject", "field", "-id"], name="evidence_of_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.subject}"


class DuplicateCase(models.Model):
    """Two records that may be one person: why, how much, and what a human said."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")  # the smaller key
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    reasons = models.JSONField(default=list)  # [signal, points]
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["commune", "-score"],
                name="duplicate_case_open",
                condition=Q(state=CaseState.OPEN),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "first", "second"], name="one_case_per_pair"
            ),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="case_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Merge(models.Model):
    """One merge: both records as they were, what was chosen, and whether it was undone.

    A record with a verified national number needs a second official: until `confirmed_at` the
    merge is only proposed and nothing has changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    survivor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)  # rows of both, by table
    after = models.JSONField(default=dict)  # the same right after, to see later changes
    choices = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True)
    undone_at = models.DateTimeField(null=True)
    sequence = models.BigIntegerField(null=True)  # order of merges, for undoing chains

    class Meta:
        indexes = [models.Index(fields=["commune", "-asked_at"], name="merge_by_time")]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class PersonAlias(models.Model):
    """The old key of an absorbed record leads to its survivor while the period is open."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    old = models.ForeignKey(Person, models.PROTECT, related_name="+")
    survivor = models.ForeignKey(Person, models.PROTECT, related_name="aliases")
    merge = models.ForeignKey(Merge, models.PROTECT, related_name="aliases")
    period = DateRangeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "old"],
                condition=Q(period__upper_inf=True),
                name="one_open_alias_per_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.survivor_id}"
