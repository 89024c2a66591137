"""How long dossiers are kept, what is kept longer, and what remains of one that was erased."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.dossiers.models.words import Sureness
from xaso.kernel.places.models import Commune


class KeepingRule(models.Model):
    """How many months dossiers of a procedure are kept after their end, from a day on.

    An empty procedure means all that have no rule of their own; 0 months means for ever. Another
    kind than dossiers has one rule for all: the nightly run goes by it.
    """

    class Kind(models.TextChoices):
        """What is kept."""

        DOSSIER = "", _("Hồ sơ đã xong")
        TURNED_DOWN = "turned_down", _("Bản ghi máy quầy gửi mà xã không nhận")
        DRAFT = "draft", _("Bản nháp không ai nộp")

    commune = models.ForeignKey(Commune, models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind, blank=True, default=Kind.DOSSIER)
    procedure = models.CharField(max_length=40, blank=True, db_collation="C")  # code
    valid_from = models.DateField()
    months = models.PositiveSmallIntegerField()
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "kind", "procedure", "valid_from"],
                name="one_keeping_rule_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(procedure=""),
                name="keeping_rule_of_a_procedure_is_of_dossiers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or self.procedure or '*'} {self.valid_from} {self.months}"


class DossierHold(models.Model):
    """A dossier that is kept as evidence until a day, whatever the rules say."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    until = models.DateField()  # the last day it holds
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "dossier"],
                condition=Q(ended_at__isnull=True),
                name="dossier_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.until}"


class ErasureList(models.Model):
    """Dossiers proposed to be erased: nothing goes before an administrator says so."""

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", _("Chờ quyết định")
        DECLINED = "declined", _("Không hủy")
        APPROVED = "approved", _("Đang hủy")
        DONE = "done", _("Đã hủy")

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)  # minutes of the committee, its number
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune"], condition=Q(state="proposed"), name="one_list_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class ErasureLine(models.Model):
    """One dossier of such a list, with the rule that names it; no name of a person.

    Or an agreement to be helped that no dossier followed (`agreement_key`).
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "", _("Chưa hủy")
        ERASED = "erased", _("Đã hủy")
        KEPT = "kept", _("Giữ lại: có giữ làm chứng cứ, hoặc quy tắc đã đổi")

    commune = models.ForeignKey(Commune, models.PROTECT)
    list = models.ForeignKey(ErasureList, models.PROTECT, related_name="lines")
    dossier_key = models.BigIntegerField(null=True)  # its row goes, the line stays
    agreement_key = models.BigIntegerField(null=True)
    code = models.CharField(max_length=40, blank=True, db_collation="C")
    procedure = models.CharField(max_length=40, db_collation="C")
    ended_on = models.DateField()
    due_on = models.DateField()
    months = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "list", "dossier_key"], name="dossier_once_in_a_list"
            ),
            models.UniqueConstraint(
                fields=["commune", "list", "agreement_key"], name="agreement_once_in_a_list"
            ),
            models.CheckConstraint(
                condition=Q(dossier_key__isnull=False, agreement_key__isnull=True)
                | Q(dossier_key__isnull=True, agreement_key__isnull=False),
                name="erasure_line_names_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.dossier_key or self.agreement_key)


class DossierStone(models.Model):
    """What remains of an erased dossier: that its key and code are used up, and what is counted.

    `list` is none for a draft nobody handed in: the nightly run erases it by its rule (`source`).
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier_key = models.BigIntegerField()
    uuid = models.UUIDField()
    code = models.CharField(max_length=40, blank=True, db_collation="C")
    procedure = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=24)
    opened_month = models.DateField()
    ended_month = models.DateField()
    on_time_internal = models.BooleanField(null=True)
    on_time_kpi = models.BooleanField(null=True)
    events = models.PositiveIntegerField()
    last_hash = models.CharField(max_length=64)  # the head of its history
    list = models.ForeignKey(ErasureList, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=300, blank=True)  # of the rule it went by
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="dossier_stone_once"),
            models.UniqueConstraint(fields=["commune", "dossier_key"], name="stone_of_dossier"),
        ]

    def __str__(self) -> str:
        return self.code or str(self.uuid)
