"""Photographs of a report: evidence, answers to questions, and how it looks afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune
from xaso.reports.models.report import Report

MOST_PER_ROLE = 6
PROTECTED = ("child", "body", "paper")  # such a picture is never shown as it is


class Photo(models.Model):
    """One photograph, announced by its digest before its bytes arrive."""

    class State(models.TextChoices):
        """Whether the bytes are here."""

        EXPECTED = "expected", _("Ảnh đang tới")
        RECEIVED = "received", _("Đã có ảnh")
        REFUSED = "refused", _("Ảnh không dùng được")

    class Role(models.TextChoices):
        """What it shows."""

        EVIDENCE = "evidence", _("Ảnh bà con gửi")
        AFTER = "after", _("Ảnh sau khi làm")
        REPLY = "reply", _("Ảnh bổ sung")

    class Moderation(models.TextChoices):
        """Whether everybody may see it."""

        PENDING = "pending", _("Chờ duyệt")
        OK = "ok", _("Đăng")
        BLURRED = "blurred", _("Đăng sau khi làm mờ")
        HIDDEN = "hidden", _("Không đăng")

    class Reason(models.TextChoices):
        """Why a picture is blurred or not shown."""

        CHILD = "child", _("Có trẻ em")
        BODY = "body", _("Có người bị nạn, thi thể")
        PAPER = "paper", _("Có giấy tờ tùy thân")
        FACE = "face", _("Rõ mặt người")
        PLATE = "plate", _("Có biển số xe")
        HOME = "home", _("Trong nhà, chỗ riêng")
        OTHER_MATTER = "other_matter", _("Không phải việc này")
        UNFIT = "unfit", _("Phản cảm, không phù hợp")

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey("reports.Answer", models.PROTECT, null=True, related_name="photos")
    follower = models.ForeignKey("reports.Follower", models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the bytes as the sender announced them
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    role = models.CharField(max_length=10, choices=Role, default=Role.EVIDENCE)
    order = models.PositiveSmallIntegerField(default=0)
    bytes = models.PositiveIntegerField(default=0)  # announced size
    moderation = models.CharField(max_length=10, choices=Moderation, default=Moderation.PENDING)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    # What everybody is shown once the report itself is public: the photo, or a blurred one of it.
    public_file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    moderated_by = models.CharField(max_length=64, blank=True)
    moderated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "role", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="photo_once_per_report"),
            models.CheckConstraint(
                condition=models.Q(moderation__in=["ok", "blurred"])
                | models.Q(public_file__isnull=True),
                name="undecided_photo_shows_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.sha256[:8]}"

    @property
    def is_public(self) -> bool:
        """Return whether a person decided that everybody may see it, or a blurred one of it."""
        return self.public_file_id is not None
