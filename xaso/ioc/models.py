"""Screens on the wall and the pictures they show."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune

OVERVIEW = "tong-quan"  # the one board so far


class WallDevice(models.Model):
    """A screen that may look at some boards and at nothing else, known by a random token.

    The token has 256 bits and is shown once; only a keyed digest of it is kept.
    """

    class Theme(models.TextChoices):
        """How it is lit."""

        DARK = "dark", _("Nền tối")
        LIGHT = "light", _("Nền sáng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    name = models.CharField(max_length=80)  # where it hangs
    digest = models.CharField(max_length=64)
    boards = ArrayField(models.CharField(max_length=40), default=list)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.DARK)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="wall_device_in_commune"),
        ]

    def __str__(self) -> str:
        return self.name

    def may_look(self, board: str, at: datetime) -> bool:
        """Return whether the screen may show a board at a moment."""
        return self.revoked_at is None and at < self.expires_at and board in self.boards


class Snapshot(models.Model):
    """The last picture of a board: every screen and every web process shows this one.

    `stamp` is the newest change it holds; `body` is gzipped JSON.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    board = models.CharField(max_length=40)
    stamp = models.CharField(max_length=64)
    etag = models.CharField(max_length=64)
    body = models.BinaryField()
    built_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "board"], name="one_snapshot_per_board"),
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.built_at}"


class KpiSet(models.Model):
    """A published version of an indicator set; without a row the shipped one holds.

    A period is scored with the version in force at its end. `body` is `kpi.definition.as_json`.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.CharField(max_length=20, db_collation="C")
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    law_ref = models.CharField(max_length=300)
    sureness = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code", "version"], name="one_kpi_version"),
            models.UniqueConstraint(
                fields=["commune", "code", "valid_from"], name="one_kpi_version_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class KpiRun(models.Model):
    """One computed or imported score of a month; rows are appended, never changed.

    The newest run of a source holds. `revision` counts closings of a month: 0 while it is open,
    1 at the closing, more for corrections (each with a reason).
    """

    class Source(models.TextChoices):
        """Who computed it."""

        OWN = "own", _("Tính tại xã")
        PORTAL = "portal", _("Cổng quốc gia")

    commune = models.ForeignKey(Commune, models.PROTECT)
    set_code = models.CharField(max_length=20, db_collation="C")
    set_version = models.PositiveIntegerField()
    month = models.DateField()  # its first day
    source = models.CharField(max_length=10, choices=Source)
    as_of = models.DateField()  # the last day that was counted
    revision = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    total = models.DecimalField(max_digits=8, decimal_places=2)
    coverage = models.DecimalField(max_digits=5, decimal_places=4)  # 0 to 1
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["commune", "month", "source", "-id"], name="kpi_run_newest")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.source} {self.total}"


class KpiScore(models.Model):
    """A metric of a run: numerator, denominator, points; all empty where there is no data."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    run = models.ForeignKey(KpiRun, models.PROTECT, related_name="scores")
    metric = models.CharField(max_length=60, db_collation="C")
    part = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    whole = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    points = models.DecimalField(max_digits=8, decimal_places=4, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "run", "metric"], name="one_kpi_score_per_metric"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.points}"


class Baseline(models.Model):
    """A recorded value "before" that an outcome is measured against; dated, with its evidence.

    `key` names what it is about inside the meter: a procedure's code for working hours, empty for
    the commune as a whole. Taken back, never changed: a new value is a new row.
    """

    class Meter(models.TextChoices):
        """What is measured."""

        HOURS = "hours", _("Giờ làm việc để xong một hồ sơ (trung vị)")
        PAPER = "paper", _("Tỷ lệ giấy (phần trăm)")
        PER_OFFICER = "per_officer", _("Hồ sơ xong mỗi cán bộ mỗi ngày làm việc")

    commune = models.ForeignKey(Commune, models.PROTECT)
    meter = models.CharField(max_length=20, choices=Meter)
    key = models.CharField(max_length=40, blank=True, db_collation="C")
    first = models.DateField()
    last = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=3)
    cases = models.PositiveIntegerField(null=True)  # how many it was measured on
    method = models.CharField(max_length=300)
    evidence = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["meter", "key", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "meter", "key"],
                condition=models.Q(taken_back_at=None),
                name="one_baseline_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(first__lte=models.F("last")), name="baseline_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.key} {self.value}"
