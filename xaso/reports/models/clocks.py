"""What waits for somebody's yes, and which warnings about a deadline were told to whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report


class Approval(models.Model):
    """Somebody asks for a step that another person must approve: never the same one.

    `order` holds what was asked (days, reason, the words the resident will read), as the step
    takes it.
    """

    class Kind(models.TextChoices):
        """Which step is asked for."""

        EXTEND = "extend", _("Hẹn lại")
        REJECT = "reject", _("Không xử lý")
        GIVE_UP = "give_up", _("Dừng vì bà con không trả lời")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt")
        DECLINED = "declined", _("Không duyệt")
        TAKEN_BACK = "taken_back", _("Đã rút")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    order = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)  # why not, for the one who asked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"],
                name="one_open_approval_of_a_kind",
                condition=Q(state="open"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("asked_by"))
                | Q(state="taken_back"),
                name="nobody_approves_their_own_request",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "asked_at"],
                name="approval_open",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.report_id}"


class DeadlineWarning(models.Model):
    """One person was told that a share of a report's time is used up; once per due date."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="warnings")
    official = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()  # per cent of working time; 200: two days late
    due_at = models.DateTimeField()  # a promise that moved warns again
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "official", "level", "due_at"], name="warned_once"
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "official", "told_at"], name="warnings_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.report_id}"
