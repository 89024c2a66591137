"""Keys that prove slips. They are no legal signatures: those never lie in the database."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField


class CheckKey(models.Model):
    """A P-256 key: the commune's own (its private half sealed), or a counter device's public half.

    Published for good: a slip of last year still has to be checked.
    """

    class Kind(models.TextChoices):
        """Who holds the private half."""

        SERVER = "server", _("Máy chủ của xã")
        DEVICE = "device", _("Máy ở quầy")

    commune = models.ForeignKey(Commune, models.PROTECT)
    kid = models.CharField(max_length=8)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=80)
    x = models.CharField(max_length=43)
    y = models.CharField(max_length=43)
    private = SealedTextField(context="documents_checkkey.private", default="")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    is_lost = models.BooleanField(default=False)  # stolen or copied: nothing it signed counts
    made_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "kid"], name="check_key_once"),
            models.UniqueConstraint(
                fields=["commune"],
                condition=Q(kind="server", valid_to__isnull=True),
                name="one_server_key",
            ),
            models.CheckConstraint(
                condition=Q(kind="server") | Q(private=b""), name="device_keeps_its_private_half"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kid}"
