"""Documents the office issues: what they say, who signs, how far they are, and their originals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.documents.models.numbering import Number
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune


class State(models.TextChoices):
    """Where a document stands."""

    DRAFTING = "drafting", _("Đang soạn")
    SUBMITTED = "submitted", _("Đang trình ký")
    RETURNED = "returned", _("Trả lại")
    APPROVED = "approved", _("Đã duyệt")
    NUMBERED = "numbered", _("Đã cấp số")
    SIGNED = "signed", _("Đã ký")
    SEALED = "sealed", _("Đã ký số cơ quan")
    ISSUED = "issued", _("Đã phát hành")
    REPLACED = "replaced", _("Đã có bản thay thế")
    RECALLED = "recalled", _("Đã thu hồi")
    VOID = "void", _("Huỷ số")


class Document(models.Model):
    """One outgoing document. Its files are write-once originals, known by SHA-256.

    `origin` says which record of a room above asked for it (`dossiers:<uuid>`); `follow_up` is the
    task that room wants to run when the document moves.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()  # the asker's key: a retry is the same document
    code = models.CharField(max_length=16)  # on the paper, for the page of checking
    kind = models.CharField(max_length=30)  # a key of numbers.TYPES
    form_code = models.CharField(max_length=40)
    form_version = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=500)
    data = models.JSONField(default=dict)
    data_hash = models.CharField(max_length=64)
    book = models.CharField(max_length=30)
    notation = models.CharField(max_length=60, blank=True)
    agency = models.CharField(max_length=200)
    check_root = models.CharField(max_length=200, blank=True)  # https://host/commune/
    is_public = models.BooleanField(default=False)  # the page of checking shows the subject
    state = models.CharField(max_length=12, choices=State, default=State.DRAFTING)
    version = models.PositiveIntegerField(default=1)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=120)
    signer_position = models.CharField(max_length=120)
    number = models.OneToOneField(Number, models.PROTECT, null=True, related_name="document")
    dated = models.DateField(null=True)
    pages = models.PositiveIntegerField(default=0)
    frozen = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    signed = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    original = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    is_asked = models.BooleanField(default=False)  # a signature is on its way
    awaits_stamp = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True)  # why the last step did not work
    reason = models.CharField(max_length=500, blank=True)  # returned, recalled, void: why
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=80, blank=True)
    follow_up = models.CharField(max_length=80, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["commune", "state", "-id"], name="document_by_state"),
            models.Index(fields=["commune", "origin"], name="document_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="document_once_per_key"),
            models.UniqueConstraint(fields=["commune", "code"], name="document_code"),
            models.CheckConstraint(
                condition=Q(number__isnull=False)
                | Q(state__in=("drafting", "submitted", "returned", "approved")),
                name="document_has_its_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("issued", "replaced", "recalled"))
                | Q(original__isnull=False, issued_at__isnull=False),
                name="issued_document_has_its_original",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("returned", "recalled", "void")) | ~Q(reason=""),
                name="document_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class DocumentEvent(models.Model):
    """One step of a document: appended, never edited."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    document = models.ForeignKey(Document, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the file this step made

    class Meta:
        ordering = ["document", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["document", "seq"], name="event_seq_of_document")
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.seq} {self.kind}"


class SignatureReport(models.Model):
    """A verdict as it was reached, with all it went by: kept, so that it can be reached again."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    document = models.ForeignKey(Document, models.PROTECT, related_name="reports")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    result = models.CharField(max_length=10)
    report = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["document", "-id"], name="report_of_document")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.result}"
