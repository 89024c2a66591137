"""Whose certificates count, what is trusted, and which lists of revoked ones are at hand."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune


class TrustRoot(models.Model):
    """A root that signatures, time stamps and their lists are traced to: dated data, not code."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    pem = models.TextField()
    is_test = models.BooleanField(default=False)  # an invented authority
    source = models.CharField(max_length=300, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    is_trusted = models.BooleanField(default=True)
    made_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "sha256"], name="root_once")]

    def __str__(self) -> str:
        return self.name


class RevocationList(models.Model):
    """The newest list of one authority, kept whole: a verdict can be reached again from it."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    issuer = models.CharField(max_length=300)
    der = models.BinaryField()
    issued_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "issuer"], name="one_list_per_issuer")
        ]

    def __str__(self) -> str:
        return self.issuer


class Certificate(models.Model):
    """A certificate the commune names for a person or for itself; its key is held elsewhere."""

    class Kind(models.TextChoices):
        """Who signs with it."""

        PERSON = "person", _("Cá nhân")
        AGENCY = "agency", _("Cơ quan")

    commune = models.ForeignKey(Commune, models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="certificates"
    )
    name = models.CharField(max_length=200)  # as the certificate says
    serial = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    der = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    holder = models.CharField(max_length=20)  # which adapter holds the key
    ref = models.CharField(max_length=200)  # by which name
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "sha256"], name="certificate_once"),
            models.CheckConstraint(
                condition=Q(kind="person", official__isnull=False)
                | Q(kind="agency", official__isnull=True),
                name="a_persons_certificate_names_the_person",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="certificate_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return self.name
