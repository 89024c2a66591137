"""People who sign in, what they may do and for how long; residents' devices; machines' keys."""

from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune, Village
from xaso.kernel.working_time import clock


class Role(models.TextChoices):
    """What someone is in a commune; what each may do stands in `permissions.py`."""

    CLERK = "one_stop_clerk", _("Cán bộ một cửa")
    OFFICER = "officer", _("Cán bộ chuyên môn")
    VILLAGE_HEAD = "village_head", _("Trưởng bản, tổ trưởng")
    TEAM = "community_team", _("Tổ công nghệ số cộng đồng")
    LEADER = "leader", _("Lãnh đạo")
    ADMINISTRATOR = "administrator", _("Quản trị viên")
    PROVINCE = "province_viewer", _("Cán bộ tỉnh (chỉ xem)")


_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)
# A commune's administrator gives these; the province's view is granted from the command line.
COMMUNE_ROLES = tuple(role for role in Role if role is not Role.PROVINCE)


class Official(AbstractBaseUser):
    """Someone who works for a commune or the province; their rights are dated role assignments.

    There is no superuser and no right without a role: `is_active` only closes the account.
    """

    username = models.CharField(
        max_length=60, unique=True, validators=[UnicodeUsernameValidator()], db_collation="C"
    )
    full_name = models.CharField(max_length=120, blank=True)
    position = models.CharField(max_length=120, blank=True)  # as on the name plate
    email = models.EmailField(blank=True)
    # Where sign-in leads on a shared host. It gives no right.
    home = models.ForeignKey(Commune, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)  # the one in use was handed out
    is_at_shared_desk = models.BooleanField(default=False)  # the screen locks after ten minutes
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name people know them by."""
        return str(self)


class OutsideIdentity(models.Model):
    """An official's account at an outside provider (OpenID Connect), linked by themselves.

    Only a keyed digest of issuer and subject is kept: the subject may be a citizen's number.
    """

    official = models.ForeignKey(Official, models.CASCADE, related_name="outside")
    digest = models.CharField(max_length=64, unique=True)
    provider = models.CharField(max_length=60)  # as shown to people
    linked_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.provider


class UnitKind(models.TextChoices):
    """What a unit of the commune is (decree 150/2025/NĐ-CP for the offices of the committee)."""

    LEADERS = "leaders", _("Lãnh đạo")
    OFFICE = "office", _("Văn phòng")
    DEPARTMENT = "department", _("Phòng")
    SERVICE_CENTRE = "service_centre", _("Trung tâm phục vụ hành chính công")
    POLICE = "police", _("Công an")
    MILITARY = "military", _("Ban chỉ huy quân sự")
    OTHER = "other", _("Khác")


class Unit(models.Model):
    """A unit of the commune that cases are assigned to."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.SlugField(max_length=20)  # kinh-te
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=UnitKind, default=UnitKind.DEPARTMENT)
    head = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="unit_code_in_commune"),
        ]

    def __str__(self) -> str:
        return self.name


class Dated(models.QuerySet[_Row_co]):
    """Rows that hold from one moment to another."""

    def at(self, moment: datetime) -> Self:
        """Keep what holds at a moment; the end is the first moment it no longer holds."""
        return self.filter(valid_from__lte=moment).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=moment)
        )


def _same(name: str) -> Coalesce:
    return Coalesce(F(name), models.Value(0, output_field=models.BigIntegerField()))


_PERIOD = Func(F("valid_from"), F("valid_to"), function="tstzrange")


class RoleAssignment(models.Model):
    """An official holds a role in a commune from one moment to another.

    A unit narrows an officer's role to it, a village a village head's. A change is a new row:
    the old one ends, so that the past can say who held what.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    official = models.ForeignKey(Official, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    village = models.ForeignKey(Village, models.PROTECT, null=True)
    valid_from = models.DateTimeField(default=clock.now)
    valid_to = models.DateTimeField(null=True)  # first moment it no longer holds

    objects = Dated.as_manager()

    class Meta:
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["commune", "official"], name="role_of_official")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="role_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.PROVINCE), name="province_view_is_granted_elsewhere"
            ),
            ExclusionConstraint(
                name="role_held_once_at_a_time",
                expressions=[
                    ("commune", RangeOperators.EQUAL),
                    ("official", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_same("unit"), RangeOperators.EQUAL),
                    (_same("village"), RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official_id}: {self.role}"

    def is_held_at(self, moment: datetime) -> bool:
        """Return whether the role holds at a moment."""
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)


class ProvinceGrant(models.Model):
    """A province official may look at a commune, from one moment to another.

    Not under row-level security: which communes someone may read has to be known before one is
    entered, and no commune's administrator may write it.
    """

    official = models.ForeignKey(Official, models.PROTECT, related_name="grants")
    commune = models.ForeignKey(Commune, models.PROTECT)
    valid_from = models.DateTimeField(default=clock.now)
    valid_to = models.DateTimeField(null=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["official", "commune"],
                condition=Q(valid_to__isnull=True),
                name="one_open_grant_per_commune",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official_id} → {self.commune_id}"


class Device(models.Model):
    """A resident's phone or computer, known by a random token of 256 bits and nothing else.

    The same token gives another digest in another commune: rows of two communes cannot be matched.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    digest = models.CharField(max_length=64)  # keyed digest of the token
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="device_in_commune"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ApiKey(models.Model):
    """A machine's key: `xaso_<prefix>_<secret>`, of which only a keyed digest is kept."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    name = models.CharField(max_length=120)  # who uses it and what for
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=60))  # permissions of `permissions.py`
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "prefix"], name="api_key_in_commune"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_good_at(self, moment: datetime) -> bool:
        """Return whether the key opens anything at a moment."""
        return self.revoked_at is None and moment < self.expires_at


class Consent(models.Model):
    """Someone agreed to one purpose, in one wording (law 91/2025/QH15 on personal data).

    `subject` is the key of a device or a person, never a name; the evidence (a signed paper, a
    recording) lies elsewhere, its digest here. Withdrawing fills `withdrawn_at`; the row stays.
    """

    class Method(models.TextChoices):
        """How it was given."""

        SCREEN = "screen", _("Đánh dấu trên màn hình")
        PAPER = "paper", _("Ký trên giấy")
        VOICE = "voice", _("Nói, có người chứng kiến")

    commune = models.ForeignKey(Commune, models.PROTECT)
    subject_kind = models.CharField(max_length=20)  # device, person
    subject = models.CharField(max_length=64)
    purpose = models.CharField(max_length=60)
    text_version = models.CharField(max_length=40)
    method = models.CharField(max_length=10, choices=Method)
    evidence = models.CharField(max_length=64, blank=True)  # SHA-256, 64 hex
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "subject_kind", "subject", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_open_consent_per_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.text_version})"


class Throttle(models.Model):
    """How full a bucket of tries is; the table is UNLOGGED, a crash only forgets some tries."""

    key = models.CharField(max_length=64, primary_key=True)  # SHA-256 of commune and subject
    level = models.FloatField()
    drained_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.level}"
