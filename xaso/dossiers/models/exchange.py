"""Copies in other systems: how each stands, messages that leave, and the daily comparison."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.dossiers.models.words import Sync, System
from xaso.kernel.places.models import Commune


class SyncState(models.Model):
    """How the copy of one dossier in one other system stands (`dong_bo`)."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="sync_states")
    target = models.CharField(max_length=10, choices=System)
    state = models.CharField(max_length=14, choices=Sync, default=Sync.NONE)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "target"], name="one_sync_state_per_target"),
        ]
        indexes = [models.Index(fields=["commune", "target", "state"], name="sync_by_state")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.target} {self.state}"


class OutMessage(models.Model):
    """One message to another system: at least once, harmless twice by its stable id."""

    class Kind(models.TextChoices):
        """What it tells."""

        DOSSIER = "dossier", _("Nộp hồ sơ")
        PROGRESS = "progress", _("Cập nhật tiến trình")
        STATE = "state", _("Cập nhật trạng thái")
        RESULT = "result", _("Kết quả")
        MONEY = "money", _("Thanh toán")

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages")
    target = models.CharField(max_length=10, choices=System)
    kind = models.CharField(max_length=10, choices=Kind)
    message_id = models.UUIDField(default=uuid4)
    seq = models.PositiveIntegerField()  # of the event it tells
    payload_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=14, choices=Sync, default=Sync.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "message_id"], name="out_message_id"),
            models.UniqueConstraint(
                fields=["dossier", "target", "kind", "seq"], name="out_message_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "target", "next_try"],
                name="out_message_waiting",
                condition=Q(state__in=["cho", "loi"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Reconciliation(models.Model):
    """One list of another system, compared with ours, for one day."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    target = models.CharField(max_length=10, choices=System)
    day = models.DateField()
    sha256 = models.CharField(max_length=64)  # of the list as it came
    ours = models.PositiveIntegerField(default=0)
    theirs = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "target", "day", "sha256"], name="a_list_is_compared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.day}"


class Difference(models.Model):
    """One line where the two lists do not say the same; it needs an owner and an explanation."""

    class Verdict(models.TextChoices):
        """What is different."""

        ONLY_OURS = "only_ours", _("Chỉ có bên mình")
        ONLY_THEIRS = "only_theirs", _("Chỉ có bên kia")
        STATE = "state_differs", _("Khác trạng thái")
        DATE = "date_differs", _("Khác ngày")
        FEE = "fee_differs", _("Khác tiền")
        DUPLICATE = "duplicate", _("Trùng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="differences")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+")
    suggestion = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60)
    verdict = models.CharField(max_length=14, choices=Verdict)
    ours = models.CharField(max_length=200, blank=True)
    theirs = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    resolution = models.CharField(max_length=300, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["reconciliation", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.verdict}"


class DueWarning(models.Model):
    """Somebody was told that a dossier's time runs out: once per level and date."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="warnings")
    level = models.CharField(max_length=10)  # 50, 80, 100, late
    due_at = models.DateTimeField()
    told = models.CharField(max_length=64)  # an official's key
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "level", "due_at", "told"], name="dossier_warned_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.level}"
