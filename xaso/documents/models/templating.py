"""Templates a commune uploaded; those that come with the program are files of the package."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune


class TemplateVersion(models.Model):
    """One version of a form's template, in force from a day once it is published."""

    class State(models.TextChoices):
        """Where a version stands."""

        DRAFT = "draft", _("Chưa áp dụng")
        PUBLISHED = "published", _("Áp dụng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=300)
    version = models.CharField(max_length=40)
    text = models.TextField()  # the TOML as it was uploaded
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=300)
    sureness = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "code", "valid_from"],
                condition=Q(state="published"),
                name="one_template_per_day",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(valid_from__isnull=False),
                name="published_template_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
