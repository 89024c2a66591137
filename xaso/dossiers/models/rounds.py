"""Rounds: a team goes to the villages, takes dossiers in there and brings results back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.kernel.places.models import Commune, Village


class Round(models.Model):
    """One visit: when, where, for which villages, with what; `notice` tells residents a change.

    `procedures` are codes; none means everything that is run here. Times are of one local day.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("Đang soạn")
        ANNOUNCED = "announced", _("Đã báo bà con")
        OPEN = "open", _("Đang làm")
        CLOSED = "closed", _("Đã kết thúc")
        CANCELLED = "cancelled", _("Đã hủy")

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    procedures = ArrayField(models.CharField(max_length=40), default=list)
    bring = models.CharField(max_length=500, blank=True)  # what residents are asked to bring
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    announced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    notice = models.CharField(max_length=500, blank=True)  # why it was moved or cancelled
    moved_from = models.DateTimeField(null=True)  # the first announced beginning, once moved
    came = models.PositiveIntegerField(null=True)  # people, counted at the door
    report = models.CharField(max_length=2_000, blank=True)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="round_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="round_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["commune", "-starts_at"], name="round_by_day")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Return whether residents see it."""
        return self.announced_at is not None

    @property
    def takes_dossiers(self) -> bool:
        """Return whether dossiers may be received in it now."""
        return self.state == self.State.OPEN

    @property
    def gives_results(self) -> bool:
        """Return whether results of its dossiers may be given: also on a later visit."""
        return self.state in {self.State.OPEN, self.State.CLOSED}

    @property
    def may_change(self) -> bool:
        """Return whether time, place and the rest may still be changed."""
        return self.state in {self.State.DRAFT, self.State.ANNOUNCED}


class RoundVillage(models.Model):
    """A village the round is for."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    round = models.ForeignKey(Round, models.PROTECT, related_name="villages")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "village"], name="round_village_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.village_id}"


class RoundMember(models.Model):
    """Somebody who goes along."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    round = models.ForeignKey(Round, models.PROTECT, related_name="members")
    official = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "official"], name="round_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.official_id}"


class RoundDossier(models.Model):
    """A dossier that was received in a round: in one only."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    round = models.ForeignKey(Round, models.PROTECT, related_name="dossiers")
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="in_round")
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.dossier_id}"
