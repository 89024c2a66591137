"""Rules of the room that the commune may change: dated rows, each with its source."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune


class Sureness(models.TextChoices):
    """How sure a rule is."""

    LAW = "law", _("Đã đọc trong văn bản luật")
    SOURCE = "source", _("Theo tài liệu dẫn lại")
    UNVERIFIED = "unverified", _("Chưa kiểm tra, cần đối chiếu văn bản")
    DESIGN = "design", _("Mặc định của phần mềm")
    COMMUNE = "commune", _("Xã tự định")


class Rule(models.Model):
    """One value of a rule from a day on; the newest row that began holds.

    `key` is one of `rulebook.KNOWN`; a rule without a row has the value shipped with the program.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    key = models.CharField(max_length=60, db_collation="C")
    valid_from = models.DateField()
    amount = models.IntegerField(null=True)
    text = models.TextField(blank=True)
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300, blank=True)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "key", "valid_from"], name="one_rule_per_key_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"
