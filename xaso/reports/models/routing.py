"""The list of rules that says where reports go, its versions, and why each report went there."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report


class RuleBook(models.Model):
    """One version of a commune's list of rules. A published one is never edited.

    A change is made in a draft, tried on reports of the past, and published as the next version:
    so every trace can say which rows it was decided by, and copies in memory stay true.
    """

    class State(models.TextChoices):
        """Where a version stands."""

        DRAFT = "draft", _("Đang sửa")
        PUBLISHED = "published", _("Đang áp dụng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    version = models.PositiveIntegerField(null=True)  # given when it is published
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "version"], name="rule_book_version"),
            models.UniqueConstraint(
                fields=["commune"], condition=Q(state="draft"), name="one_draft_rule_book"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", version__isnull=True)
                | Q(state="published", version__isnull=False, published_at__isnull=False),
                name="published_rule_book_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.version or ''}"


class RoutingRule(models.Model):
    """One row: conditions (empty = any) and who takes the report. The first that fits wins."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    book = models.ForeignKey(RuleBook, models.CASCADE, related_name="rules")
    key = models.UUIDField(default=uuid4)  # the same row in the next version
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    category_in = models.JSONField(default=list)  # codes of categories or groups
    village_in = models.JSONField(default=list)  # keys of villages
    area = models.JSONField(null=True)  # GeoJSON geometry, EPSG:4326
    stream_in = models.JSONField(default=list)
    severity_in = models.JSONField(default=list)
    channel_in = models.JSONField(default=list)
    weekday_in = models.JSONField(default=list)  # 1 = Monday … 7 = Sunday
    time_from = models.TimeField(null=True)
    time_to = models.TimeField(null=True)
    answers = models.JSONField(default=dict)  # question code → answer
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    also_tell = models.JSONField(default=list)  # "unit:3", "person:7"
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # the last day
    is_enabled = models.BooleanField(default=True)
    made_by = models.CharField(max_length=64)
    approved_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["book", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "order"],
                name="rule_order_in_book",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["book", "key"], name="rule_once_in_book"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoutingTrace(models.Model):
    """Why a report went where it went: every row that was read, and what decided. Appended only."""

    class Why(models.TextChoices):
        """What made the list be read."""

        RECEIVED = "received", _("Khi nhận")
        CHANGED = "changed", _("Khi đổi loại việc")
        RULES = "rules", _("Khi danh sách luật đổi")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="traces")
    at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why, default=Why.RECEIVED)
    decided_by = models.CharField(max_length=10)  # routing.rules.By
    book_version = models.PositiveIntegerField(null=True)
    rule = models.ForeignKey(RoutingRule, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # proposed
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    steps = models.JSONField(default=list)  # routing.rules.Step.stored
    facts = models.JSONField(default=dict)  # duty source, units complained about
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["report", "-id"], name="trace_of_report")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.decided_by}"
