"""Households, where they live, who belongs to them from when to when, and what happened."""

from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from xaso.kernel.places.models import Commune, Village
from xaso.population.models.person import Person
from xaso.population.models.words import (
    EventKind,
    HouseholdKind,
    HouseholdState,
    Precision,
    ResidenceKind,
    Role,
    Source,
    TaskKind,
)


class Dwelling(models.Model):
    """A place to live; several households may share it (law 68/2020/QH14, article 10)."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False)
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True)
    old_address = models.CharField(max_length=200, blank=True)  # as papers before 2025-07-01 say
    owner_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="dwelling_point_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"dwelling {self.pk}"


class Household(models.Model):
    """A household with its own code; `state` is computed whenever a membership changes."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False)
    code = models.CharField(max_length=16, db_collation="C")  # BL-000123
    kind = models.CharField(max_length=12, choices=HouseholdKind, default=HouseholdKind.FAMILY)
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, null=True, related_name="households", db_constraint=False
    )
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    opened = models.DateField()
    closed = models.DateField(null=True)  # first day it is no more
    state = models.CharField(max_length=14, choices=HouseholdState, default=HouseholdState.VACATED)
    headless_since = models.DateField(null=True)  # first day without a head
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "village", "code"], name="household_of_village"),
            models.Index(
                fields=["commune", "village"],
                name="household_headless",
                condition=Q(state=HouseholdState.WITHOUT_HEAD),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="household_code_in_commune"),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=models.F("opened")),
                name="household_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Membership(models.Model):
    """Somebody belongs to a household in a role, on a footing, in a half-open period of days.

    The database refuses two heads at a time, two permanent or two temporary places of one person
    at a time, and empty periods. Close first, then open: the rules are checked statement by
    statement.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False, db_constraint=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="memberships",
        db_index=False,
        db_constraint=False,
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="memberships",
        db_index=False,
        db_constraint=False,
    )
    role = models.CharField(max_length=16, choices=Role)
    residence_kind = models.CharField(
        max_length=12, choices=ResidenceKind, default=ResidenceKind.PERMANENT
    )
    period = DateRangeField()
    evidence = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=15, choices=Source)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "household"], name="membership_of_household"),
            models.Index(fields=["commune", "person"], name="membership_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False),
                name="membership_period",
            ),
            ExclusionConstraint(
                name="one_head_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(role=Role.HEAD),
            ),
            ExclusionConstraint(
                name="one_permanent_place_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(residence_kind=ResidenceKind.PERMANENT),
            ),
            ExclusionConstraint(
                name="one_temporary_place_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(residence_kind=ResidenceKind.TEMPORARY),
            ),
            ExclusionConstraint(
                name="once_in_a_household_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.household_id}"


class ResidenceEvent(models.Model):
    """What happened, as it was told: append-only, corrected by an event that reverses it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    on = models.DateField()
    on_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    until = models.DateField(null=True)
    from_place = models.CharField(max_length=200, blank=True)
    to_place = models.CharField(max_length=200, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    document = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=15, choices=Source)
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        indexes = [
            models.Index(fields=["person", "on"], name="event_of_person"),
            models.Index(fields=["commune", "kind", "on"], name="event_by_kind_and_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("on")),
                name="event_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class VillageTask(models.Model):
    """Something a village is asked to find out about a household, by a day."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="tasks")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=TaskKind)
    purpose = models.CharField(max_length=60, blank=True)  # opens flags to the village meanwhile
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["commune", "village", "due_on"],
                name="village_task_open",
                condition=Q(done_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "household", "kind"],
                condition=Q(done_at__isnull=True, person__isnull=True),
                name="one_open_task_per_household",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
