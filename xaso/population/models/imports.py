"""Lists that came from an office: the file, what its rows say, what was done, how to undo it."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.population.models.household import Household
from xaso.population.models.person import Person
from xaso.population.models.words import Source


class BatchState(models.TextChoices):
    """Where a list stands: `mapped` while it is compared, `approved` while it is written."""

    UPLOADED = "uploaded", _("Đang đọc tệp")
    PARSED = "parsed", _("Chờ chọn cột")
    MAPPED = "mapped", _("Đang so sánh")
    COMPARED = "compared", _("Chờ duyệt")
    APPROVED = "approved", _("Đang ghi vào sổ")
    APPLIED = "applied", _("Đã ghi vào sổ")
    UNDOING = "undoing", _("Đang hoàn tác")
    UNDONE = "undone", _("Đã hoàn tác")
    FAILED = "failed", _("Không đọc được")


# What a list may become from where it stands; `failed` from any that still works.
NEXT: dict[str, frozenset[str]] = {
    BatchState.UPLOADED: frozenset({BatchState.PARSED, BatchState.FAILED}),
    BatchState.PARSED: frozenset({BatchState.UPLOADED, BatchState.MAPPED, BatchState.FAILED}),
    BatchState.MAPPED: frozenset({BatchState.COMPARED, BatchState.FAILED}),
    BatchState.COMPARED: frozenset(
        {BatchState.UPLOADED, BatchState.MAPPED, BatchState.APPROVED, BatchState.FAILED}
    ),
    BatchState.APPROVED: frozenset({BatchState.APPLIED, BatchState.FAILED}),
    BatchState.APPLIED: frozenset({BatchState.UNDOING}),
    BatchState.UNDOING: frozenset({BatchState.UNDONE, BatchState.FAILED}),
    BatchState.UNDONE: frozenset(),
    BatchState.FAILED: frozenset({BatchState.UPLOADED}),
}


class RowKind(models.TextChoices):
    """What a row is against the register."""

    NEW = "new", _("Người mới")
    SAME = "same", _("Không đổi")
    CHANGED = "changed", _("Có thay đổi")
    CONFLICT = "conflict", _("Trái với sổ")
    DUPLICATE = "duplicate_in_file", _("Trùng trong tệp")
    CANDIDATE = "candidate", _("Có thể đã có")
    ERROR = "error", _("Lỗi")


class Decision(models.TextChoices):
    """What an official said about a row."""

    OPEN = "", _("Chưa quyết")
    TAKE = "take", _("Nhận")
    KEEP = "keep", _("Giữ sổ ở chỗ trái, nhận chỗ còn lại")
    NEW = "new", _("Ghi là người mới")
    SKIP = "skip", _("Bỏ dòng này")


class Outcome(models.TextChoices):
    """What became of a row."""

    WAITS = "", _("Chưa ghi")
    WRITTEN = "written", _("Đã ghi")
    NOTHING = "nothing", _("Không có gì để ghi")
    HELD = "held", _("Chưa nhận")
    REFUSED = "refused", _("Không ghi được")
    UNDONE = "undone", _("Đã hoàn tác")
    KEPT = "kept", _("Không hoàn tác được")


class ImportBatch(models.Model):
    """One list: which file, from whom, of which day, and how far it is.

    `as_of` is the day the list speaks of: of two lists that disagree the later one is proposed,
    whichever came first. `counts` holds rows by kind, `outcomes` rows by what became of them; both
    add up to the rows of people. `done` of `total` is the progress of the step that runs.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_collation="C")
    sender = models.CharField(max_length=80)  # the office, as people write it
    sender_key = models.CharField(max_length=80, db_collation="C")  # folded
    source = models.CharField(max_length=15, choices=Source)
    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    failure = models.CharField(max_length=40, blank=True)
    sheet = models.SmallIntegerField(null=True)
    encoding = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=dict)  # sheets, delimiter, is_1904
    previews = SealedTextField(context="population_importbatch.previews", default="")
    head_row = models.IntegerField(null=True)
    heads = models.JSONField(default=list)  # texts of the columns
    mapping = models.JSONField(default=dict)  # column → field
    options = models.JSONField(default=dict)  # fills_household, has_titles
    mapping_sha256 = models.CharField(max_length=64, blank=True, db_collation="C")
    counts = models.JSONField(default=dict)
    skipped = models.JSONField(default=dict)
    outcomes = models.JSONField(default=dict)
    missing = models.IntegerField(default=0)  # persons of the register that the list does not name
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    started_at = models.DateTimeField(null=True)  # of the step that runs
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True)
    undone_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # rows were emptied, only the counts stay
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["commune", "-created_at"], name="import_by_time"),
            models.Index(fields=["commune", "sha256"], name="import_by_file"),
        ]

    def __str__(self) -> str:
        return f"list {self.pk}"


class ImportFile(models.Model):
    """The bytes of a list, sealed, until it is written into the register or forgotten."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, related_name="file")
    commune = models.ForeignKey(Commune, models.PROTECT)
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.batch_id}"


class ImportBlock(models.Model):
    """Some hundred rows of a sheet as they came, sealed together: `[[number, cells], …]`."""

    ROWS = 500  # in a block

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="blocks")
    commune = models.ForeignKey(Commune, models.PROTECT)
    place = models.IntegerField()
    body = SealedTextField(context="population_importblock.body")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "batch", "place"], name="import_block_once"),
        ]

    def __str__(self) -> str:
        return f"block {self.place}"


class ImportRow(models.Model):
    """One row of people: what it says, against whom, what was decided, what was before.

    `unit` numbers the households of the list (a row without one is alone): a unit is written as a
    whole or not at all. `said`, `diff` and `before` are JSON, sealed. `diff` lists field, old, new,
    old source, old day, whether it contradicts the register.
    """

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False, db_constraint=False)
    number = models.IntegerField()  # in the sheet, as people see it
    unit = models.IntegerField()
    code = models.CharField(max_length=40, blank=True, db_collation="C")  # household in the list
    kind = models.CharField(max_length=20, choices=RowKind, blank=True)
    said = SealedTextField(context="population_importrow.said", default="")
    diff = SealedTextField(context="population_importrow.diff", default="")
    before = SealedTextField(context="population_importrow.before", default="")
    rules = models.JSONField(default=list)  # [field, rule]
    errors = models.JSONField(default=list)  # [field, error]
    number_index = models.BinaryField(max_length=32, null=True)
    tight = models.CharField(max_length=400, blank=True, db_collation="C")
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    person_version = models.IntegerField(null=True)
    household = models.ForeignKey(
        Household,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    candidates = models.JSONField(default=list)  # [person key, score]
    decision = models.CharField(max_length=5, choices=Decision, blank=True, default="")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["batch", "unit", "number"], name="import_row_by_unit"),
            models.Index(fields=["batch", "kind", "unit"], name="import_row_by_kind"),
            models.Index(fields=["batch", "code"], name="import_row_by_code"),
            models.Index(fields=["commune", "person", "batch"], name="import_row_of_person"),
            models.Index(
                fields=["commune", "household"],
                name="import_row_of_household",
                condition=models.Q(household__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "batch", "number"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


class ImportTemplate(models.Model):
    """How a sender's columns were read the last time: folded head → field."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    sender_key = models.CharField(max_length=80, db_collation="C")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "sender_key"], name="import_template_of_sender"
            ),
        ]

    def __str__(self) -> str:
        return self.sender_key


class SenderHousehold(models.Model):
    """Which household of the register a sender's own code stands for."""

    commune = models.ForeignKey(Commune, models.PROTECT, db_constraint=False)
    sender_key = models.CharField(max_length=80, db_collation="C")
    code = models.CharField(max_length=40, db_collation="C")
    household = models.ForeignKey(Household, models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "sender_key", "code"], name="sender_household_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code
