"""What a counter machine took in while the network was cut, as it came."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField


class OfflineReception(models.Model):
    """One signed reception of a machine: it becomes a dossier by itself, or a human decides.

    Unique by key and digest: the same words again are the same row, other words under the same
    key are a second row, so that both versions can be read side by side. `body` is emptied once
    the dossier holds everything of it.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Chờ ảnh giấy tờ")
        RECEIVED = "received", _("Đã nhận")
        CONFLICT = "conflict", _("Cần người xem")
        JOINED = "joined", _("Gộp vào hồ sơ đã có")
        REFUSED = "refused", _("Không nhận")

    class Why(models.TextChoices):
        """What a machine may not decide."""

        NONE = "", ""
        DEVICE = "device", _("Máy quầy đã bị thu hồi")
        VERSION = "version", _("Thủ tục đã đổi hoặc hết hiệu lực")
        TWICE = "twice", _("Người này đã có hồ sơ cùng thủ tục")
        CONTENT = "content", _("Cùng một lượt nhận, hai nội dung khác nhau")
        CODE = "code", _("Mã tạm đã dùng cho hồ sơ khác")
        MONEY = "money", _("Tiền phí khác với bảng của xã")
        PHOTO = "photo", _("Ảnh giấy tờ không đọc được")
        GUARD = "guard", _("Chưa đủ điều kiện tiếp nhận")

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()  # of the dossier, made by the machine
    digest = models.CharField(max_length=64)  # SHA-256 of the signed words
    kid = models.CharField(max_length=8)  # documents.CheckKey
    device = models.CharField(max_length=80)  # its name then
    code = models.CharField(max_length=24, db_collation="C")  # provisional
    procedure = models.CharField(max_length=40)
    body = SealedTextField(context="dossiers_offlinereception.body", default="")
    signature = models.CharField(max_length=86)
    files = ArrayField(models.CharField(max_length=64), default=list)  # announced, SHA-256
    taken_at = models.DateTimeField()  # by the machine's clock
    is_clock_trusted = models.BooleanField()
    came_at = models.DateTimeField()
    sent_by = models.CharField(max_length=64)  # whose session sent it
    clerk = models.CharField(max_length=64, blank=True)  # who was signed in when it was written
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=10, choices=Why, default=Why.NONE, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="offline")
    other = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+")
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    # What is signed stays as it came: an identity number a human corrected stands beside it. Empty
    # with a moment: the person has none.
    corrected_number = SealedTextField(
        context="dossiers_offlinereception.corrected_number", default=""
    )
    corrected_at = models.DateTimeField(null=True)
    corrected_by = models.CharField(max_length=64, blank=True)
    # Turned down, kept its time, emptied: what happened stays, and by which rule it went.
    erased_at = models.DateTimeField(null=True)
    erased_rule = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-came_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "uuid", "digest"], name="offline_words_once"
            ),
        ]
        indexes = [models.Index(fields=["commune", "state", "-came_at"], name="offline_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def arrived(self) -> set[str]:
        """Return the digests of the photos that are here."""
        return set(self.photos.values_list("attachment__sha256", flat=True))


class OfflinePhoto(models.Model):
    """A photo that arrived for a reception; named here so that it is kept while it waits."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    reception = models.ForeignKey(OfflineReception, models.PROTECT, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reception", "attachment"], name="offline_photo_once"),
        ]

    def __str__(self) -> str:
        return f"photo of {self.reception_id}"
