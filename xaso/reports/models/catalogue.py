"""What reports can be about, how long each may take, and whom the commune can pass them to."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.reports.models.words import Sensitivity, Stream


def usual_reminders() -> list[int]:
    """Return after how many working days a sender is reminded of a question."""
    return [4, 8]


class Catalogue(models.Model):
    """The stamp of a commune's categories: it changes with them, so that copies can be kept.

    Processes keep the categories in memory under this stamp; browsers keep them under it as ETag.
    """

    commune = models.OneToOneField(Commune, models.PROTECT)
    stamp = models.UUIDField(default=uuid4)
    feedback_days = models.PositiveSmallIntegerField(default=5)  # working days to object
    wait_days = models.PositiveSmallIntegerField(default=10)  # working days to give information
    remind_days = models.JSONField(default=usual_reminders)  # working days after the question
    # The published calendar that all open promises were last compared with.
    followed_calendar = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(default=clock.now)  # when the categories last changed
    offers_regulations = models.BooleanField(default=False)  # to partners, beside field reports
    review_days = models.PositiveSmallIntegerField(default=2)  # working days to review an answer
    meeting_days = models.PositiveSmallIntegerField(default=5)  # working days to meet or call

    def __str__(self) -> str:
        return str(self.stamp)


class Category(models.Model):
    """A kind of matter that residents recognise by icon and words; a tree of two levels."""

    class Pin(models.TextChoices):
        """Whether the exact spot is asked for."""

        YES = "yes", _("Cần chỗ chính xác")
        VILLAGE = "village", _("Nêu bản là đủ")
        NO = "no", _("Không cần")

    commune = models.ForeignKey(Commune, models.PROTECT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    code = models.CharField(max_length=40)  # [A-Z0-9-]+, the service code of open data
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=160, blank=True)
    icon = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    stream = models.CharField(max_length=20, choices=Stream, default=Stream.FIELD)
    is_publishable = models.BooleanField(default=True)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.PUBLIC)
    pin = models.CharField(max_length=10, choices=Pin, default=Pin.VILLAGE)
    is_after_photo_required = models.BooleanField(default=False)
    is_approval_required = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # usual unit
    keywords = models.CharField(max_length=200, blank=True)  # other words for it, by commas
    also_in = models.JSONField(default=list)  # codes of further groups it can be looked for in
    is_active = models.BooleanField(default=True)
    # When two reports of this kind may be of one thing: how far and how long apart.
    alike_within_m = models.PositiveSmallIntegerField(default=250)
    alike_days = models.PositiveSmallIntegerField(default=28)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="category_code_in_commune"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9-]+$"), name="category_code_is_plain"
            ),
            models.CheckConstraint(
                condition=models.Q(alike_within_m__range=(50, 1_000)) & models.Q(alike_days__gt=0),
                name="category_alike_is_near",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryTerm(models.Model):
    """How long a category may take, from one day on; frozen into the reports that used it."""

    class Unit(models.TextChoices):
        """What the amount counts."""

        WORKING_DAY = "NGAY_LV", _("ngày làm việc")
        WORKING_HOUR = "GIO", _("giờ làm việc")
        WALL_MINUTE = "PHUT", _("phút, kể cả ngoài giờ")

    class Source(models.TextChoices):
        """How sure the term is."""

        LAW = "law", _("Văn bản quy phạm")
        QUOTED = "quoted", _("Theo văn bản dẫn lại")
        DESIGN = "design", _("Mặc định, xã sửa được")

    commune = models.ForeignKey(Commune, models.PROTECT)
    category = models.ForeignKey(Category, models.PROTECT, related_name="terms")
    valid_from = models.DateField()
    ack_minutes = models.PositiveIntegerField()  # working minutes; wall minutes with WALL_MINUTE
    resolve_unit = models.CharField(max_length=10, choices=Unit)
    resolve_amount = models.PositiveIntegerField()
    reopen_amount = models.PositiveIntegerField(null=True)  # null: half, rounded up
    warn = models.JSONField(default=list)  # percentages of working time, e.g. [50, 80, 100]
    source = models.CharField(max_length=10, choices=Source, default=Source.DESIGN)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "category", "valid_from"], name="one_term_per_category_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(resolve_amount__gt=0), name="term_takes_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolve_amount} {self.resolve_unit}"


class Body(models.Model):
    """An office outside the commune that some matters belong to (power, roads, telecom)."""

    class Kind(models.TextChoices):
        """What sort of office it is."""

        DEPARTMENT = "department", _("Sở của tỉnh")
        POWER = "power", _("Điện lực")
        TELECOM = "telecom", _("Viễn thông")
        ROADS = "roads", _("Đường bộ")
        POLICE = "police", _("Công an")
        HEALTH = "health", _("Trạm y tế")
        OTHER = "other", _("Cơ quan khác")

    commune = models.ForeignKey(Commune, models.PROTECT)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    usual_days = models.PositiveSmallIntegerField(default=5)  # working days it usually takes
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "name"], name="body_name_in_commune"),
        ]

    def __str__(self) -> str:
        return self.name
