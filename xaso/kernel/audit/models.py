"""The log book: what was done and read, its seals, and the root of every day.

Nobody writes these tables directly: `audit_append`, `audit_seal` and `audit_close_day` (database
functions of the owner) do, and triggers refuse every later change.
"""

from django.db import models


class Entry(models.Model):
    """One line: who did what to which record, on whose behalf, through which channel.

    Actor and subject are plain values, so that every room can log and a line outlives what it is
    about. `payload` is canonical JSON: names of changed fields, states, digests; never a personal
    value.
    """

    class Kind(models.TextChoices):
        """Whether something was changed or personal data were looked at."""

        CHANGE = "change"
        VIEW = "view"

    commune_id = models.UUIDField()  # all zeros: an event of the installation
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=80)
    roles = models.CharField(max_length=200, blank=True)  # sorted, joined with commas
    unit_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=20)
    on_behalf_of = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)  # app.Model
    subject_id = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200, blank=True)
    payload = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(
                fields=["commune_id", "subject_type", "subject_id"], name="audit_entry_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class Seal(models.Model):
    """The place of one committed line in its commune's chain."""

    entry_id = models.BigIntegerField(primary_key=True)
    commune_id = models.UUIDField()
    seq = models.BigIntegerField()  # 1, 2, 3 … without a gap
    sealed_at = models.DateTimeField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune_id", "seq"], name="audit_seal_place"),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.seq}"


class Chain(models.Model):
    """The head of a commune's chain: its last seal. Its row is the sealer's lock."""

    commune_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.commune_id} {self.seq}"


class Pending(models.Model):
    """A line that waits for its seal.

    The sealer works off what it sees here, never a range of numbers: a transaction that commits
    late is sealed late, not skipped.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    commune_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.entry_id)


class DailySeal(models.Model):
    """The Merkle root over the heads of all chains at the start of a day, for publication."""

    day = models.DateField(primary_key=True)  # the day that ended
    at = models.DateTimeField()
    heads = models.TextField()  # lines "commune seq hash", sorted
    root = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.day}"
