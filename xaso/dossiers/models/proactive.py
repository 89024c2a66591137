"""What the commune reminds people of before they ask, and who said that they do not want it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.kernel.places.models import Commune
from xaso.population.models import FlagKind, Sureness


class DueKind(models.TextChoices):
    """From what a reminder is reckoned."""

    BIRTH = "birth", _("Số ngày từ khi sinh, chưa khai sinh")
    AGE = "age", _("Đủ số tuổi")
    ENDING = "ending", _("Giấy tờ, chế độ sắp hết hạn")


class ProactiveRule(models.Model):
    """One reminder as it holds from a day on; the newest that began holds.

    `amount` is days for a birth, years for an age, nothing for a paper that ends. `level` as in NĐ
    224/2026/NĐ-CP art. 16: 1 reminds, 2 prepares a draft. A commune's own reminder has a name and a
    kind; a row without them changes one that is shipped. `flag`: of a paper that ends, which one.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.CharField(max_length=30, db_collation="C")
    valid_from = models.DateField()
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=DueKind, blank=True)
    flag = models.CharField(max_length=20, choices=FlagKind, blank=True)
    amount = models.PositiveSmallIntegerField()
    ahead_days = models.PositiveSmallIntegerField()  # listed so long before
    behind_days = models.PositiveSmallIntegerField()  # and kept so long after
    level = models.PositiveSmallIntegerField()
    procedure = models.CharField(max_length=40, blank=True)  # code
    is_on = models.BooleanField(default=True)
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "code", "valid_from"], name="one_proactive_rule_a_day"
            ),
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="proactive_level_is_known"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(kind="") | Q(name="", kind=""),
                name="own_reminder_has_name_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class ProactiveRefusal(models.Model):
    """Somebody does not want to be reminded of this; another mind is a date, the row stays."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.UUIDField()  # of the register of people, as it was then
    code = models.CharField(max_length=30, db_collation="C")
    noted_by = models.CharField(max_length=64)
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "code"],
                condition=Q(ended_at__isnull=True),
                name="one_open_refusal_per_reminder",
            ),
        ]

    def __str__(self) -> str:
        return f"refusal {self.pk}"


class ProactiveAnswer(models.Model):
    """Somebody was asked about a reminder: what they said, who asked, when; the newest counts."""

    class Said(models.TextChoices):
        """What came of asking."""

        YES = "yes", _("Bà con đồng ý")
        NO = "no", _("Bà con không cần")
        NOT_REACHED = "not_reached", _("Chưa gặp được")
        TEXTED = "texted", _("Đã nhắn tin")

    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.UUIDField()  # of the register of people, as it was then
    code = models.CharField(max_length=30, db_collation="C")
    said = models.CharField(max_length=12, choices=Said)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["commune", "code", "person"], name="answer_to_a_reminder"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class ProactiveDraft(models.Model):
    """A draft the commune prepared: for whom and by which reminder; handed in after a yes alone."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="prepared")
    code = models.CharField(max_length=30, db_collation="C")
    person = models.UUIDField()  # of the register of people, as it was then

    def __str__(self) -> str:
        return f"{self.code} {self.dossier_id}"
