"""What belongs to a dossier: papers, supplements, questions to others, fees, results."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune


class Component(models.Model):
    """One paper the version asks for, and what was handed in for it."""

    class Source(models.TextChoices):
        """Where the file came from."""

        NONE = "", _("Chưa có")
        SCAN = "scan", _("Quét tại quầy")
        UPLOAD = "upload", _("Tải lên")
        REUSED = "reused", _("Dùng lại giấy tờ đã có")
        STORAGE = "storage", _("Lấy từ kho dữ liệu")
        DATABASE = "database", _("Lấy từ cơ sở dữ liệu")

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="components")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=250)
    order = models.PositiveSmallIntegerField(default=0)
    is_mandatory = models.BooleanField(default=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=10, choices=Source, blank=True, default=Source.NONE)
    scanned_by = models.CharField(max_length=64, blank=True)
    is_digitised = models.BooleanField(default=False)  # DuocSoHoa
    is_reused = models.BooleanField(default=False)  # DuocTaiSuDung
    is_from_storage = models.BooleanField(default=False)  # DuocLayTuKhoDMQG
    reused_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    will_bring = models.BooleanField(default=False)  # the resident brings it to the counter
    waived = models.CharField(max_length=300, blank=True)  # why a mandatory paper is not asked
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["dossier", "order", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code}"

    @property
    def is_there(self) -> bool:
        """Return whether it was given, taken over from earlier, or waived with a reason."""
        return bool(self.is_digitised or self.is_reused or self.is_from_storage or self.waived)


class Supplement(models.Model):
    """A request to complete the dossier (Mẫu 02): everything missing in one slip."""

    class Stage(models.TextChoices):
        """Before or after acceptance; both have the national code 5."""

        INTAKE = "intake", _("Trước khi tiếp nhận")
        PROCESSING = "processing", _("Trong khi xử lý")

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", _("Chờ lãnh đạo duyệt")
        ISSUED = "issued", _("Đã gửi, chờ bổ sung")
        RECEIVED = "received", _("Đã nhận bổ sung")
        DECLINED = "declined", _("Không duyệt")

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=Stage)
    state = models.CharField(max_length=10, choices=State)
    items = models.JSONField(default=list)  # [{code, name, what}]
    reason = models.TextField()
    legal_basis = models.CharField(max_length=300)
    guidance = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=64, blank=True)
    received_note = models.TextField(blank=True)
    promise_before = models.DateTimeField(null=True)
    promise_after = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dossier", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="supplement_number"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state__in=["proposed", "issued"]),
                name="one_open_supplement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.state}"


class SubTask(models.Model):
    """A question to another unit or agency, answered beside the dossier's own step."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Chờ trả lời")
        ANSWERED = "answered", _("Đã trả lời")
        WAIVED = "waived", _("Không chờ nữa")

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="sub_tasks")
    agency = models.CharField(max_length=150)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # one of ours
    question = models.TextField()
    is_mandatory = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)  # or why it is not waited for
    document_no = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            models.Index(
                fields=["commune", "unit", "due_at"],
                name="sub_task_open",
                condition=Q(state="open"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.agency}"


class DossierFee(models.Model):
    """One line of money, decided when the dossier is accepted; amounts are whole đồng."""

    class Kind(models.TextChoices):
        """What it is by law."""

        FEE = "phi", _("Phí")
        CHARGE = "le_phi", _("Lệ phí")
        REFUND = "hoan", _("Hoàn trả")

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="fees")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    quantity = models.PositiveIntegerField(default=1)
    full_amount = models.PositiveIntegerField()
    amount = models.IntegerField()  # after the exemption; a refund is negative
    collect_at = models.PositiveSmallIntegerField(default=1)  # 1 khi nhận, 2 khi bổ sung, 4 khi trả
    exemption = models.JSONField(default=dict)  # the chosen rule and the others, with reasons
    document_no = models.CharField(max_length=100, blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.CharField(max_length=20, blank=True)  # cash, vietqr, dvcqg
    receipt = models.CharField(max_length=60, blank=True)  # of a book or bank, as it was typed
    receipt_no = models.CharField(max_length=20, blank=True)  # ours, one for each payment
    collector = models.CharField(max_length=64, blank=True)  # who noted the payment
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["dossier", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code} {self.amount}"


class Result(models.Model):
    """What the commune decided: number, day, signer, and how it can be verified."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="results")
    name = models.CharField(max_length=250)
    register = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40)
    signed_on = models.DateField()
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    numbered_by = models.CharField(max_length=64, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    certificate = models.JSONField(default=dict)  # of the signature, as it was verified
    is_electronic = models.BooleanField(default=False)
    electronic_code = models.CharField(max_length=60, blank=True)  # MaGiayToKetQua
    link = models.CharField(max_length=300, blank=True)
    valid_until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "register", "year", "number"], name="result_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"
