"""A dossier: its present state, its two clocks, and the codes it is known by."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from xaso.dossiers.models.catalogue import FrozenVersion, Procedure
from xaso.dossiers.models.words import (
    NATIONAL,
    OPEN,
    UNDER_WAY,
    ApplicantKind,
    Channel,
    Delivery,
    Finance,
    State,
    System,
)
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing.fields import SealedTextField

_OPEN = [str(state.value) for state in OPEN]
_UNDER_WAY = [str(state.value) for state in UNDER_WAY]


class Dossier(models.Model):
    """The present state of one dossier; its history is in `DossierEvent`.

    `version` counts the events: it is the optimistic lock. `first_promise_at` never moves;
    `promise_at` keeps its last value while the clock pauses (`paused_at`). The applicant is never
    the helper: who filled it in stands in `helper`.
    """

    # identity
    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()  # made by the sender's device
    content_hash = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=40, blank=True, db_collation="C")  # the primary one
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+")
    frozen = models.ForeignKey(FrozenVersion, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    # four dimensions of status
    state = models.CharField(max_length=24, choices=State, default=State.DRAFT)
    finance = models.CharField(max_length=14, choices=Finance, default=Finance.NOT_DUE)
    delivery = models.CharField(max_length=20, choices=Delivery, default=Delivery.NONE)
    # the fourth, `dong_bo`, has a row per system: SyncState
    state_since = models.DateTimeField()
    back_state = models.CharField(max_length=24, blank=True)  # where a refused withdrawal leads
    step = models.CharField(max_length=30, blank=True)  # of the frozen version
    step_since = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)  # advice, never law
    touched_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    is_mirror = models.BooleanField(default=False)  # another system holds the original
    mirror_of = models.CharField(max_length=10, choices=System, blank=True)
    # who holds it
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # how it came
    channel = models.PositiveSmallIntegerField(choices=Channel, default=Channel.DIRECT)
    is_offline = models.BooleanField(default=False)
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    consent_id = models.BigIntegerField(null=True)  # identity.Consent, for a helper
    # the applicant
    person = models.UUIDField(null=True)  # of the register of people, where it is known
    applicant = models.CharField(max_length=150, blank=True)
    applicant_kind = models.CharField(
        max_length=2, choices=ApplicantKind, default=ApplicantKind.CITIZEN
    )
    fold = models.CharField(max_length=160, blank=True, db_collation="C")
    id_number = SealedTextField(context="dossiers_dossier.id_number", default="")
    id_index = models.CharField(max_length=64, blank=True)
    phone = SealedTextField(context="dossiers_dossier.phone", default="")
    phone_index = models.CharField(max_length=64, blank=True)
    phone_tail_index = models.CharField(max_length=64, blank=True)  # last four digits
    email = SealedTextField(context="dossiers_dossier.email", default="")
    address = SealedTextField(context="dossiers_dossier.address", default="")
    village = models.ForeignKey(Village, models.PROTECT, null=True, related_name="+")
    slip_index = models.CharField(max_length=64, blank=True)  # four digits on the slip
    subject = models.CharField(max_length=500, blank=True)  # TrichYeuHoSo
    form = models.JSONField(default=dict)  # what the form of the version asked
    unanswered = models.PositiveSmallIntegerField(default=0)  # mandatory questions left open
    sets = models.PositiveSmallIntegerField(default=1)
    note = models.TextField(blank=True)
    extra = models.JSONField(default=dict)  # fields of an import that we do not know
    # when
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    response_due_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    clock_start_at = models.DateTimeField(null=True)
    first_promise_at = models.DateTimeField(null=True)
    promise_at = models.DateTimeField(null=True)
    legal_at = models.DateTimeField(null=True)
    unrolled = models.DateField(null=True)
    warn50_at = models.DateTimeField(null=True)
    warn80_at = models.DateTimeField(null=True)
    term_unit = models.CharField(max_length=16, blank=True)  # the term in force
    term_n = models.PositiveSmallIntegerField(default=0)
    is_verified = models.BooleanField(default=False)  # the time to verify was taken
    is_provisional = models.BooleanField(default=False)  # days off of that year not decided
    calendar_id = models.BigIntegerField(null=True)
    calendar_version = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    posted_until = models.DateTimeField(null=True)
    supplement_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    resolved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # refused, stopped or returned
    returned_at = models.DateTimeField(null=True)
    on_time_internal = models.BooleanField(null=True)
    on_time_kpi = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="dossier_once"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="dossier_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(legal_at__isnull=True) | Q(promise_at__lte=models.F("legal_at")),
                name="promise_within_the_law",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s for s in _UNDER_WAY if s != State.WITHDRAWING.value])
                | Q(is_mirror=True)
                | Q(promise_at__isnull=False, accepted_at__isnull=False),
                name="accepted_dossier_has_a_date",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "promise_at", "id"],
                name="dossier_running_by_due",
                condition=Q(state__in=_UNDER_WAY, paused_at__isnull=True),
            ),
            models.Index(
                fields=["commune", "holder", "promise_at"],
                name="dossier_open_of_holder",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["commune", "unit", "promise_at"],
                name="dossier_open_of_unit",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(  # all that counting the open ones asks: their rows are not read
                fields=["commune", "state", "is_mirror", "paused_at", "promise_at", "holder"],
                name="dossier_open_counted",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["commune", "state", "-touched_at", "-id"], name="dossier_by_state"
            ),
            models.Index(fields=["commune", "-opened_at", "-id"], name="dossier_by_day"),
            models.Index(
                fields=["commune", "procedure", "-opened_at"], name="dossier_by_procedure"
            ),
            models.Index(
                fields=["commune", "-resolved_at", "-id"],
                name="dossier_by_resolved",
                condition=Q(resolved_at__isnull=False),
            ),
            models.Index(
                fields=["commune", "-opened_at", "-id"],
                name="dossier_unanswered",
                condition=Q(unanswered__gt=0),
            ),
            models.Index(
                fields=["commune", "phone_index"],
                name="dossier_by_phone",
                condition=~Q(phone_index=""),
            ),
            models.Index(
                fields=["commune", "id_index"],
                name="dossier_by_id_number",
                condition=~Q(id_index=""),
            ),
            models.Index(
                fields=["commune", "person"],
                name="dossier_by_person",
                condition=Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.uuid)

    @property
    def national_code(self) -> int | None:
        """Return the state as the national systems number it (1–10); a draft has none."""
        return NATIONAL[self.state]

    @property
    def is_open(self) -> bool:
        """Return whether the office still has something to do."""
        return self.state in OPEN

    @property
    def is_under_way(self) -> bool:
        """Return whether it was accepted and has no result yet."""
        return self.state in UNDER_WAY

    @property
    def is_paused(self) -> bool:
        """Return whether its clock stands still: then there is no due date."""
        return self.paused_at is not None

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the promised moment has passed without a result."""
        runs = self.is_under_way and not self.is_paused and not self.is_mirror
        return bool(runs and self.promise_at and self.promise_at < now)


class DossierCode(models.Model):
    """One of the codes a dossier is known by: ours, the province's, the ministry's, a paper's."""

    OFFLINE = "OFFLINE"  # printed without a network

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="codes")
    system = models.CharField(max_length=10)
    code = models.CharField(max_length=60, db_collation="C")
    backwards = models.CharField(max_length=60, db_collation="C")  # found by the last digits
    is_primary = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "system", "code"], name="dossier_code_of_a_system"
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(is_primary=True),
                name="one_primary_code_of_a_dossier",
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "code"], name="dossier_code_forwards"),
            models.Index(fields=["commune", "backwards"], name="dossier_code_backwards"),
        ]

    def __str__(self) -> str:
        return self.code


class CodeCounter(models.Model):
    """The last number given out by one agency on one local day; its row is the lock."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    unit = models.CharField(max_length=20, db_collation="C")  # the agency's code
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "unit", "day"], name="one_counter_per_agency_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day} {self.last}"
