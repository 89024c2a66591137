"""Why personal data are used, who looked, and what people ask about their own."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing.fields import SealedTextField
from xaso.population.models.person import Person
from xaso.population.models.words import RequestKind, RequestState, Sureness


class ProcessingPurpose(models.Model):
    """What personal data are used for, on what ground: a row of the processing register."""

    class Basis(models.TextChoices):
        """Without consent only for a named legal duty."""

        DUTY = "legal_duty", "legal_duty"
        CONSENT = "consent", "consent"

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.SlugField(max_length=60)
    text = models.CharField(max_length=300)
    basis = models.CharField(max_length=12, choices=Basis)
    citation = models.CharField(max_length=300, blank=True)
    sureness = models.CharField(max_length=12, choices=Sureness, default=Sureness.DESIGN)
    retention = models.CharField(max_length=200, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    recipients = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="purpose_code_in_commune"),
        ]

    def __str__(self) -> str:
        return self.code


class ConsentRecord(models.Model):
    """Somebody agreed to a purpose in one wording; silence is no consent, withdrawing is a date."""

    class Channel(models.TextChoices):
        """How it was given."""

        SCREEN = "screen", "screen"
        PAPER = "paper", "paper"
        VOICE = "voice", "voice"

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.ForeignKey(ProcessingPurpose, models.PROTECT, related_name="+")
    text_version = models.CharField(max_length=40)
    language = models.CharField(max_length=30)  # read out in
    channel = models.CharField(max_length=10, choices=Channel)
    witnesses = SealedTextField(context="population_consentrecord.witnesses", default="")
    evidence = models.CharField(max_length=64, blank=True)  # SHA-256 of paper or recording
    recorded_by = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_open_consent_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class ViewLog(models.Model):
    """Who saw a record, what of it and what for: one row per viewer, purpose and ten minutes."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="views")
    viewer_kind = models.CharField(max_length=20)
    viewer = models.CharField(max_length=80)
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=60)
    ref = models.CharField(max_length=60, blank=True)  # a dossier, a task
    groups = ArrayField(models.CharField(max_length=10), default=list)
    slot = models.BigIntegerField()  # ten minutes since the epoch
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="views_of_person"),
            models.Index(fields=["commune", "viewer", "-at"], name="views_of_viewer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "viewer_kind", "viewer", "purpose", "ref", "slot"],
                name="one_view_per_ten_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


class SearchLog(models.Model):
    """One page of search results that somebody was shown."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    viewer_kind = models.CharField(max_length=20)
    viewer = models.CharField(max_length=80)
    purpose = models.CharField(max_length=60)
    persons = ArrayField(models.UUIDField(), default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["commune", "viewer", "-at"], name="searches_of_viewer")]

    def __str__(self) -> str:
        return f"search {self.pk}"


class ResidentKey(models.Model):
    """A code an official printed for a resident: with the birth date it opens their own record."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="keys")
    digest = models.CharField(max_length=64)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="resident_key_in_commune"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


class SubjectRequest(models.Model):
    """What a person asks about their own data, and by when it is answered and done."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=RequestKind)
    text = SealedTextField(context="population_subjectrequest.text", default="")
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.RECEIVED)
    received_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    done_due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    is_extended = models.BooleanField(default=False)
    has_third_party = models.BooleanField(default=False)
    answer = SealedTextField(context="population_subjectrequest.answer", default="")
    handled_by = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=20)

    class Meta:
        indexes = [
            models.Index(
                fields=["commune", "answer_due_at"],
                name="subject_request_open",
                condition=models.Q(state__in=["received", "answered"]),
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class Rule(models.Model):
    """One value of a rule of the register from a day on; the newest that began holds."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    key = models.CharField(max_length=60, db_collation="C")
    valid_from = models.DateField()
    amount = models.IntegerField()
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300, blank=True)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "key", "valid_from"], name="one_population_rule_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


class FigureSnapshot(models.Model):
    """A table of figures as it was published for a month, small cells already hidden."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    table = models.CharField(max_length=40)
    month = models.DateField()  # its first day
    village = models.ForeignKey(Village, models.PROTECT, null=True, related_name="+")
    raw = models.JSONField()  # what was counted, never shown: the next month is compared with it
    shown = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "table", "month"], name="one_snapshot_per_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.month}"
