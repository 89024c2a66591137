"""What an official looks for again and again."""

from django.conf import settings
from django.db import models

from xaso.kernel.places.models import Commune


class SavedFilter(models.Model):
    """A filter of the inbox under a name of the official's own; nobody else sees it."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    official = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)  # the questions of the inbox's address
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "official", "name"], name="saved_filter_once_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
