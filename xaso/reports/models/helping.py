"""Reports that come through somebody else: a helper at the door, or a sheet of paper."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune, Village
from xaso.reports.models.report import Report


class Help(models.Model):
    """That an official sent a report for somebody else: helper and resident are never one field.

    A helper without the resident's consent reports what they saw themselves; then there is no row
    here and no reporter.
    """

    class Reach(models.TextChoices):
        """Whose number the resident gave to be told on."""

        OWN = "own", _("Số của chính người nhờ")
        NEIGHBOUR = "neighbour", _("Số của hàng xóm, người nhà")
        HELPER = "helper", _("Báo qua người gửi hộ")
        SLIP = "slip", _("Chỉ đưa giấy hẹn")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.OneToOneField(Report, models.PROTECT, related_name="help")
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reach = models.CharField(max_length=10, choices=Reach)
    may_follow_until = models.DateTimeField(null=True)  # the resident let the helper follow
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "helper", "-created_at"], name="help_of_helper"),
        ]

    def __str__(self) -> str:
        return f"help {self.report_id}"


class PaperSheet(models.Model):
    """A printed sheet with six boxes that people fill in by hand.

    Commune, number and row make the sender's key of a report, so that a row typed twice is one.
    """

    ROWS = 6

    commune = models.ForeignKey(Commune, models.PROTECT)
    number = models.PositiveIntegerField()
    village = models.ForeignKey(Village, models.PROTECT, null=True)
    collected_on = models.DateField(null=True)
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    photo = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    printed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "number"], name="paper_sheet_number"),
        ]

    def __str__(self) -> str:
        return f"sheet {self.number}"


class HelperPhone(models.Model):
    """A phone on which a helper may write without a network and send later: short-lived.

    The token opens one address, from the browser it was given to, for as long as its person holds
    the role. Of token and device only keyed digests are kept.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    device = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)  # an official's key
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["commune", "helper", "-created_at"], name="phone_of_helper"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="helper_phone_token"),
        ]

    def __str__(self) -> str:
        return self.name
