"""What partners' programs send beside a report, and how the same thing is known again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.identity.models import ApiKey
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.reports.models.report import Report


class PartnerReport(models.Model):
    """A report that came with a partner's key: what the report itself has no place for.

    `digest` stands for what was sent; the same again within a day is the same report.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.OneToOneField(Report, models.PROTECT, related_name="partner")
    api_key = models.ForeignKey(ApiKey, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_collation="C")
    extra = SealedTextField(context="reports_partnerreport.extra", default="")  # JSON
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "api_key", "digest"], name="partner_report_again"),
        ]

    def __str__(self) -> str:
        return f"partner {self.api_key_id}/{self.report_id}"


class PartnerMedia(models.Model):
    """The address of a photo at somebody else's: kept as text, fetched only if the key says so."""

    class State(models.TextChoices):
        """What became of it."""

        KEPT = "kept", _("Chỉ giữ địa chỉ")
        WAITING = "waiting", _("Đang tải về")
        FETCHED = "fetched", _("Đã tải về")
        FAILED = "failed", _("Không tải được")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="partner_media")
    url = models.CharField(max_length=2_000)
    state = models.CharField(max_length=10, choices=State, default=State.KEPT)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.state}"


class PartnerWord(models.Model):
    """Something a partner passed on about a report; the same `update_id` again changes nothing."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    api_key = models.ForeignKey(ApiKey, models.PROTECT, related_name="+")
    update_id = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "api_key", "update_id"], name="partner_word_once"
            ),
        ]

    def __str__(self) -> str:
        return self.update_id
