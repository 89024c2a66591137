"""Working calendars in versions: a published one never changes, a change is the next version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.working_time.calendar import Kind as DayKind

MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class WorkCalendar(models.Model):
    """One version of a commune's working calendar.

    A draft has no version yet; publishing gives it the next number and freezes it and its rows
    (a trigger refuses every later change). `years` are those whose days off were decided.
    """

    class State(models.TextChoices):
        """Whether deadlines already follow it."""

        DRAFT = "draft", _("Đang soạn")
        STAGED = "staged", _("Đang công bố")  # inside one transaction only
        PUBLISHED = "published", _("Đã công bố")

    commune = models.ForeignKey(Commune, models.PROTECT)
    version = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True)
    years = ArrayField(models.PositiveSmallIntegerField(), default=list)
    document_no = models.CharField(max_length=60, blank=True)
    published_by = models.CharField(max_length=60, blank=True)  # an official's key, never a name
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "version"], name="one_calendar_per_version"),
            models.UniqueConstraint(
                fields=["commune"],
                condition=models.Q(state="draft"),
                name="one_draft_calendar_per_commune",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "staged"], version=None)
                | models.Q(
                    state="published",
                    version__isnull=False,
                    published_at__isnull=False,
                    valid_from__isnull=False,
                ),
                name="a_published_calendar_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.version or self.state}"


class CalendarSeason(models.Model):
    """The hours of one weekday between two days of the year, both included."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="seasons")
    from_md = models.CharField(max_length=5)  # 11-01; a season may wrap over New Year
    to_md = models.CharField(max_length=5)
    weekday = models.PositiveSmallIntegerField()  # 1 = Monday … 7 = Sunday
    slots = models.JSONField(default=list)  # [[450, 690], [780, 1020]] minutes after midnight
    clock = models.BooleanField(default=True)  # deadlines run
    reception = models.BooleanField(default=True)  # counters are open

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_md__regex=MONTH_DAY, to_md__regex=MONTH_DAY),
                name="season_days_are_month_day",
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__range=(1, 7)), name="season_weekday_is_iso"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_md}..{self.to_md} {self.weekday}"


class CalendarDay(models.Model):
    """One dated exception: day off, make-up day or closure, and the paper behind it."""

    class Kind(models.TextChoices):
        """What it does to its day."""

        OFF = DayKind.OFF.value, _("Ngày nghỉ")
        MAKE_UP = DayKind.MAKE_UP.value, _("Ngày làm bù")
        CLOSURE = DayKind.CLOSURE.value, _("Đóng cửa")

    class Source(models.TextChoices):
        """Who says so."""

        LIBRARY = "library", _("Lịch có sẵn")
        PROVINCE = "province", _("Văn bản cấp trên")
        COMMUNE = "commune", _("Xã quyết định")

    commune = models.ForeignKey(Commune, models.PROTECT)
    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)  # in Vietnamese, shown to residents
    slots = models.JSONField(default=list)  # of a closure: what stays open
    moved = models.DateField(null=True)  # the other day of a swap
    document_no = models.CharField(max_length=60, blank=True)
    document_on = models.DateField(null=True)
    source = models.CharField(max_length=10, choices=Source)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "calendar", "date", "kind"],
                name="one_exception_per_day_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind} {self.name}"
