"""What the commune asks about a matter of one kind, as dated rows."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.reports.models.catalogue import Category


class CategoryQuestion(models.Model):
    """One question of a category, from one moment to another (an attribute of Open311).

    A change ends the row and begins another, so that an old answer keeps the question it answered.
    """

    class Datatype(models.TextChoices):
        """What an answer looks like; the words of Open311 GeoReport v2."""

        STRING = "string", _("Một dòng chữ")
        TEXT = "text", _("Nhiều dòng chữ")
        NUMBER = "number", _("Con số")
        DATETIME = "datetime", _("Ngày giờ")
        ONE = "singlevaluelist", _("Chọn một ý")
        SEVERAL = "multivaluelist", _("Chọn nhiều ý")

    commune = models.ForeignKey(Commune, models.PROTECT)
    category = models.ForeignKey(Category, models.PROTECT, related_name="questions")
    code = models.CharField(max_length=40)  # [A-Za-z0-9_-]+
    datatype = models.CharField(max_length=20, choices=Datatype, default=Datatype.STRING)
    is_asked = models.BooleanField(default=True)  # false: a sentence to show, nothing to answer
    is_required = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)  # whether everybody may read the answers
    order = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=200, blank=True)
    choices = models.JSONField(default=list)  # [{"key": "motorbike", "name": "Xe máy"}]
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)  # first moment it is no longer asked

    class Meta:
        ordering = ["category", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "category", "code"],
                condition=Q(valid_to__isnull=True),
                name="question_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9_-]+$"), name="question_code_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_list(self) -> bool:
        """Return whether an answer is chosen from a list."""
        return self.datatype in (self.Datatype.ONE, self.Datatype.SEVERAL)

    def is_asked_at(self, moment: datetime) -> bool:
        """Return whether the question stands at a moment."""
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)

    def name_of(self, key: str) -> str:
        """Return the words of a choice; the key itself when it is none of them."""
        return next((each["name"] for each in self.choices if each["key"] == key), key)
