"""Administrative units with their dates, the communes served here, and their villages."""

from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Where a unit stands; districts exist in history only (until 2025-06-30)."""

    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện (cũ)")
    COMMUNE = "commune", _("Cấp xã")
    VILLAGE = "village", _("Bản, thôn, tổ dân phố")


class AdminUnit(models.Model):
    """The thing itself; names, codes and borders live in its dated versions."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=20)  # tỉnh, xã, phường, thị trấn, huyện, bản, tổ dân phố …

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class AdminUnitVersion(models.Model):
    """What a unit was called, and by which code, in a period.

    Codes were re-used in 2025 (03390 named a town, now a commune): a code means nothing without
    a day, so it is never a key.
    """

    unit = models.ForeignKey(AdminUnit, models.CASCADE, related_name="versions")
    level = models.CharField(max_length=10, choices=Level)
    code = models.CharField(max_length=12)  # text: leading zeros are part of it
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=120)
    fold = models.CharField(max_length=120, db_collation="C")
    parent = models.ForeignKey(AdminUnit, models.PROTECT, null=True, related_name="+")
    period = DateRangeField()
    area_km2 = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    boundary = models.JSONField(null=True)
    legal_basis = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["fold"], name="unit_version_fold")]
        constraints = [
            ExclusionConstraint(
                name="one_unit_per_code_and_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=~models.Q(level="village"),
            ),
            ExclusionConstraint(
                name="one_version_per_unit_and_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AdminUnitChange(models.Model):
    """One line of "old became new": a merge of several units is several lines."""

    on = models.DateField()
    kind = models.CharField(max_length=10)  # merge, split, rename, rekind, move
    old = models.ForeignKey(AdminUnit, models.PROTECT, related_name="changes_to")
    new = models.ForeignKey(AdminUnit, models.PROTECT, related_name="changes_from")
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True)  # null = whole
    is_default = models.BooleanField(default=True)
    legal_basis = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.on}: {self.old} → {self.new}"


class Commune(models.Model):
    """A commune or ward served by this installation: the tenant. Its key is its unit's key."""

    id = models.UUIDField(primary_key=True)
    slug = models.SlugField(unique=True)  # first path segment on a shared host: binh-lu
    host = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  (unique: none is NULL)
    code = models.CharField(max_length=5)
    kind = models.CharField(max_length=10)  # xã, phường
    name = models.CharField(max_length=80)  # without the kind: Bình Lư
    province = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    boundary = models.JSONField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z][a-z0-9-]+$"), name="commune_slug_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return the name as people write it: `Xã Bình Lư`."""
        return f"{self.kind.capitalize()} {self.name}"


class Village(models.Model):
    """A village (bản, thôn, tổ dân phố) of one commune, from one day to another."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    unit = models.OneToOneField(AdminUnit, models.PROTECT)
    code = models.CharField(max_length=10)  # BL-07
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)  # without the kind
    fold = models.CharField(max_length=80, db_collation="C")
    sort_key = models.CharField(max_length=200, db_collation="C")
    lat = models.FloatField()
    lon = models.FloatField()
    polygon = models.JSONField(null=True)  # GeoJSON geometry, EPSG:4326
    valid_from = models.DateField(null=True)  # null = as long as anyone knows
    valid_to = models.DateField(null=True)  # first day it no longer exists
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="village_code_in_commune"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return the name as people write it: `Bản Nà Đon`."""
        return f"{self.kind.capitalize()} {self.name}"


class Place(models.Model):
    """A spot people talk about, in their own words, as exact as it is known."""

    class Precision(models.TextChoices):
        """How exact the point is."""

        EXACT = "exact", _("Chính xác")
        HOUSES = "house_group", _("Nhóm nhà")
        VILLAGE = "village_centre", _("Giữa bản")
        COMMUNE = "commune_centre", _("Giữa xã")

    commune = models.ForeignKey(Commune, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, null=True)
    text = models.CharField(max_length=200)
    fold = models.CharField(max_length=200, db_collation="C")
    lat = models.FloatField()
    lon = models.FloatField()
    polygon = models.JSONField(null=True)
    precision = models.CharField(max_length=20, choices=Precision)
    source = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.text


class PublicCode(models.Model):
    """A code that people read or scan, and the commune that answers for it.

    Outside row-level security on purpose: a code is typed without saying which commune.
    """

    code = models.CharField(max_length=20, primary_key=True)
    commune = models.ForeignKey(Commune, models.PROTECT)
    kind = models.CharField(max_length=20)  # report, dossier, lot …

    def __str__(self) -> str:
        return self.code
