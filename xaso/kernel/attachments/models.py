"""Files people gave us, known by what is in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField

STEPS = (160, 320, 800, 1280)  # widths that pages offer, in CSS pixels
MASTER = 1600  # longest side of the picture kept in place of the upload, and its step


class Kind(models.TextChoices):
    """What a file is for people."""

    PHOTO = "photo", _("Ảnh")
    DOCUMENT = "document", _("Tài liệu")
    AUDIO = "audio", _("Ghi âm")


class State(models.TextChoices):
    """How far we are with a file; documents and recordings are checked while they are received."""

    RECEIVED = "received", _("Đang xem tệp")
    READY = "ready", _("Dùng được")
    REFUSED = "refused", _("Không dùng được")


class Attachment(models.Model):
    """One file of one commune; the same bytes given twice are one row.

    `sha256` is that of the bytes as given, also after a photo was replaced by its clean picture:
    a phone that sends the same photo again is answered from here.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    sha256 = models.CharField(max_length=64, db_collation="C")  # 64 hex, lower case
    kind = models.CharField(max_length=10, choices=Kind)
    media_type = models.CharField(max_length=100)  # found in the content, never the sender's word
    bytes = models.PositiveIntegerField()
    # Pixels: what the header said, then those of the clean picture kept (longest side 1600 px).
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    original_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    refusal = models.CharField(max_length=40, blank=True)  # code of the refusal, when refused
    is_public = models.BooleanField(default=False)
    has_avif = models.BooleanField(default=False)
    keeps_original = models.BooleanField(default=False)  # kept as evidence, for officials only
    position = SealedTextField(context="attachments_attachment.position", default="", blank=True)
    taken_at = SealedTextField(context="attachments_attachment.taken_at", default="", blank=True)
    phash = models.BigIntegerField(null=True)  # 64-bit perceptual hash, as a signed number
    received_at = models.DateTimeField()
    # A blurred picture: of which photo, and which boxes ([x, y, width, height] in thousandths) were
    # burned. Its `sha256` is a random name: a new picture has a new address, that nobody knew.
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    boxes = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "sha256"], name="file_once_per_commune"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | models.Q(is_public=False),
                name="refused_file_is_not_public",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or self.sha256[:12]

    @property
    def steps(self) -> tuple[int, ...]:
        """Return the widths a ready photo is offered in; a small photo has the first one only."""
        width = self.width or 0
        return tuple(s for n, s in enumerate(STEPS) if n == 0 or STEPS[n - 1] < width)


class Rendition(models.Model):
    """One clean picture made from a photo: pixels alone, no metadata."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="renditions")
    step = models.PositiveIntegerField()  # 160, 320, 800, 1280 or 1600: its name in the address
    width = models.PositiveIntegerField()  # pixels; less than the step when the photo is smaller
    height = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, db_collation="C")
    bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "attachment", "step", "media_type"], name="rendition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.step} {self.media_type}"
