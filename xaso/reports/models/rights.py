"""What people ask about their own data, what is kept longer than usual, and what was erased."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.reports.models.answers import Follower
from xaso.reports.models.report import Report


class DataRequest(models.Model):
    """Somebody asks for a correction, a copy, a deletion, or takes their agreement back.

    `text` and `wanted` (JSON: a new name or phone) are sealed. `did` names what was done, for the
    sender and for the log. Law 91/2025/QH15 on personal data; the dates come from the rule book.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        CORRECT = "correct", _("Sửa cho đúng")
        COPY = "copy", _("Xin một bản")
        ERASE = "erase", _("Xóa")
        WITHDRAW = "withdraw", _("Rút lại đồng ý")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Đang chờ xã trả lời")
        ACCEPTED = "accepted", _("Xã đã làm theo")
        PARTLY = "partly", _("Xã làm được một phần")
        REFUSED = "refused", _("Xã không làm theo được")
        TAKEN_BACK = "taken_back", _("Bác đã rút đề nghị")

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()  # made by the page: sent twice is one request
    report = models.ForeignKey(Report, models.PROTECT, related_name="data_requests")
    follower = models.ForeignKey(Follower, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    text = SealedTextField(context="reports_datarequest.text", default="")
    wanted = SealedTextField(context="reports_datarequest.wanted", default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # until when the commune answers
    warned_at = models.DateTimeField(null=True)  # the leaders heard that it is nearly late
    stop_at = models.DateTimeField(null=True)  # from when nothing is done with the data any more
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    did = models.JSONField(default=list)  # contact, files, words, whole

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="data_request_once"),
            models.UniqueConstraint(
                fields=["report", "kind"],
                name="one_open_request_of_sender",
                condition=Q(state="open", follower__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["follower", "kind"],
                name="one_open_request_of_follower",
                condition=Q(state="open", follower__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken_back"]) | ~Q(answer=""),
                name="decided_request_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "due_at"],
                name="data_request_open",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.report_id}"


class Hold(models.Model):
    """One report is kept as evidence until a day, whatever the rules of retention say."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    until = models.DateField()  # the last day it holds
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report"], name="held_once", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.until}"


class ErasureRun(models.Model):
    """What one rule of retention erased on one day: numbers alone, nobody's words."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    day = models.DateField()
    rule = models.CharField(max_length=60)  # of the rule book
    rows = models.PositiveIntegerField(default=0)
    batches = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)  # of work, all batches together
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # nothing was left to do

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "day", "rule"], name="erasure_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.rule} {self.rows}"
