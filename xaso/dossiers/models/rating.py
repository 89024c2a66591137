"""What people think of how their dossier was handled."""

from django.db import models

from xaso.dossiers.models.dossier import Dossier
from xaso.kernel.places.models import Commune


class DossierRating(models.Model):
    """One of three faces, once per dossier: 2 content, 1 acceptable, 0 not."""

    class Where(models.TextChoices):
        """Where it was said."""

        COUNTER = "counter"
        ONLINE = "online"

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)
    where = models.CharField(max_length=10, choices=Where)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "dossier"], name="dossier_rated_once"),
            models.CheckConstraint(
                condition=models.Q(score__in=[0, 1, 2]), name="dossier_score_is_a_face"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.score}"
