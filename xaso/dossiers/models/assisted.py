"""What a resident agreed to when somebody of the village fills in a dossier for them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing.fields import SealedTextField


class HelpScope(models.TextChoices):
    """How far the helper may go."""

    PREPARE = "prepare", _("Chuẩn bị hồ sơ")
    SUBMIT = "submit", _("Nộp hồ sơ")
    RECEIVE = "receive", _("Nhận kết quả")


class FilingConsent(models.Model):
    """Written before anything personal is: for what, how far, in which language, until when.

    `uuid` is the key of the dossier that may follow. That somebody agreed is the row of
    `identity.Consent`; withdrawing ends that one.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()
    consent_id = models.BigIntegerField()  # identity.Consent
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    helper_index = models.CharField(max_length=64)  # of the helper's number, never the number
    procedure = models.CharField(max_length=40)  # code: the purpose
    scopes = ArrayField(models.CharField(max_length=10, choices=HelpScope))
    language = models.CharField(max_length=3)  # ISO 639-3, read aloud in
    witness = SealedTextField(context="dossiers_filingconsent.witness", default="")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # the signed paper photographed, or the spoken yes
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    evidence_at = models.DateTimeField(null=True)
    evidence_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="filing_consent_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("given_at")),
                name="filing_consent_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"filing consent {self.pk}"
