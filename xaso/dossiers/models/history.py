"""What happened to a dossier: events, who handed it to whom, and what moved its clocks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from xaso.dossiers.models.dossier import Dossier
from xaso.dossiers.models.words import State
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune


class DossierEvent(models.Model):
    """One step of a dossier: appended, never edited; each holds the hash of the one before."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()  # gapless per dossier, equal to its version
    action = models.CharField(max_length=30)
    key = models.UUIDField(null=True)  # made by the caller; the second time gets the first answer
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, choices=State)
    step = models.CharField(max_length=30, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    role = models.CharField(max_length=40, blank=True)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=20)
    device_id = models.CharField(max_length=64, blank=True)
    device_time = models.DateTimeField(null=True)
    server_time = models.DateTimeField()
    public_text = models.TextField(blank=True)
    internal_text = models.TextField(blank=True)
    payload = models.JSONField(default=dict)
    payload_hash = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["dossier", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "seq"], name="event_seq_of_dossier"),
            models.UniqueConstraint(
                fields=["commune", "key"],
                condition=Q(key__isnull=False),
                name="dossier_event_once",
            ),
        ]
        indexes = [models.Index(fields=["commune", "-server_time"], name="dossier_event_by_time")]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.seq} {self.action}"


class HandOver(models.Model):
    """One line of the control sheet (Mẫu 06): who gave it to whom, when, and how in time."""

    class InTime(models.TextChoices):
        """How the giver's step ended, against its advised time."""

        EARLY = "som"
        ON_TIME = "dung"
        LATE = "qua"

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="hand_overs")
    seq = models.PositiveIntegerField()  # the event's
    from_step = models.CharField(max_length=30, blank=True)
    to_step = models.CharField(max_length=30, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # whom the step was meant for, where somebody stands in
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    step_due_at = models.DateTimeField(null=True)
    minutes = models.IntegerField(default=0)  # working minutes the giver held it
    result = models.CharField(max_length=4, choices=InTime, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["dossier", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "seq"], name="one_hand_over_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.giver_id} → {self.receiver_id}"


class ClockLine(models.Model):
    """One thing that happened to a dossier's clocks. Appended, never edited.

    A pause is written when it ends; until then the dossier stands with `paused_at`.
    """

    class Effect(models.TextChoices):
        """What happened."""

        RUN = "run"
        PAUSE = "pause"
        EXTEND = "extend"  # Mẫu 04
        VERIFY = "verify"  # the longer term, because conditions must be verified
        CALENDAR = "calendar"
        POST = "post"  # the sub-clock of a public posting

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="clock_lines")
    effect = models.CharField(max_length=10, choices=Effect)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    minutes = models.IntegerField(null=True)
    promise_before = models.DateTimeField(null=True)  # NgayHenTraTruoc
    promise_at = models.DateTimeField(null=True)  # NgayHenTraMoi
    legal_at = models.DateTimeField(null=True)
    calendar_id = models.BigIntegerField(null=True)
    calendar_version = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["dossier", "id"], name="clock_of_dossier")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.effect}"
