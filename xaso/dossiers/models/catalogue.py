"""The catalogue: procedures, their dated versions, and the copies dossiers are frozen under."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.words import Sureness
from xaso.kernel.places.models import Commune

_DAYS = Func(F("valid_from"), F("valid_to"), function="daterange")


class Procedure(models.Model):
    """A procedure as people name it; what it asks and how long it takes is in its versions."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.CharField(max_length=40, db_collation="C")  # 1.001193, or the commune's own
    name = models.CharField(max_length=250)
    fold = models.CharField(max_length=300, db_collation="C")
    field_code = models.CharField(max_length=20, blank=True)
    field_name = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=10, default="xa")  # xa, tinh, bo
    is_national = models.BooleanField(default=True)  # a national code; else the commune's own
    is_public = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["field_name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="procedure_code_in_commune"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9.-]*$"), name="procedure_code_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class FrozenVersion(models.Model):
    """A whole copy of a version, by its hash: what dossiers are frozen under. Never changed."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "sha256"], name="frozen_once"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class ProcedureVersion(models.Model):
    """One version of a procedure. A published one is never changed: a change is the next version.

    `content` has the shape of `content.shape.Content`. Published versions of one procedure never
    share a day; `valid_to` is the first day a version no longer holds.
    """

    class State(models.TextChoices):
        """Whether dossiers follow it."""

        DRAFT = "draft", _("Đang soạn")
        PUBLISHED = "published", _("Đã công bố")
        RETIRED = "retired", _("Đã thôi dùng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    content = models.JSONField()
    sureness = models.CharField(max_length=12, choices=Sureness, default=Sureness.UNVERIFIED)
    frozen = models.ForeignKey(FrozenVersion, models.PROTECT, null=True, related_name="+")
    edits = models.PositiveIntegerField(default=0)  # the optimistic lock of a draft
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["procedure", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "procedure", "number"], name="version_number_of_procedure"
            ),
            models.UniqueConstraint(
                fields=["commune", "procedure"],
                condition=Q(state="draft"),
                name="one_draft_of_a_procedure",
            ),
            ExclusionConstraint(
                name="one_published_version_a_day",
                expressions=[
                    ("commune", RangeOperators.EQUAL),
                    ("procedure", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="draft"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(valid_from__isnull=False, frozen__isnull=False, published_at__isnull=False),
                name="published_version_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number} {self.state}"


class CentreSettings(models.Model):
    """What one commune decides about its centre; one row per commune."""

    commune = models.OneToOneField(Commune, models.PROTECT)
    code_prefix = models.CharField(max_length=20, blank=True)  # H35.50.05.13
    is_refusal_by_leader = models.BooleanField(default=False)
    is_extension_late = models.BooleanField(default=True)  # extended counts late in our own KPI
    response_hours = models.PositiveSmallIntegerField(default=8)
    near_due_hours = models.PositiveSmallIntegerField(default=8)
    stamp = models.UUIDField(null=True)  # changes with the catalogue, for caches

    def __str__(self) -> str:
        return str(self.commune_id)


class PauseReading(models.Model):
    """Which reading of the national indicator holds from a day on (dated setting)."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    valid_from = models.DateField()
    reading = models.CharField(max_length=10)  # new_due, elapsed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "valid_from"], name="one_pause_reading_a_day"
            ),
            models.CheckConstraint(
                condition=Q(reading__in=["new_due", "elapsed"]), name="pause_reading_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.reading}"


class Absence(models.Model):
    """Somebody is away, and who stands in: hand-overs go to the stand-in, or to nobody."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    official = models.ForeignKey("identity.Official", models.PROTECT, related_name="+")
    stand_in = models.ForeignKey("identity.Official", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    noted_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)  # came back early

    class Meta:
        indexes = [models.Index(fields=["commune", "until"], name="absence_by_end")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="absence_has_length"),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("official")),
                name="nobody_stands_in_for_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official_id} {self.since:%d/%m}–{self.until:%d/%m}"
