"""Screens on the wall and the pictures they show."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune

OVERVIEW = "tong-quan"  # the one board so far


class WallDevice(models.Model):
    """A screen that may look at some boards and at nothing else, known by a random token.

    The token has 256 bits and is shown once; only a keyed digest of it is kept.
    """

    class Theme(models.TextChoices):
        """How it is lit."""

        DARK = "dark", _("Nền tối")
        LIGHT = "light", _("Nền sáng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    name = models.CharField(max_length=80)  # where it hangs
    digest = models.CharField(max_length=64)
    boards = ArrayField(models.CharField(max_length=40), default=list)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.DARK)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="wall_device_in_commune"),
        ]

    def __str__(self) -> str:
        return self.name

    def may_look(self, board: str, at: datetime) -> bool:
        """Return whether the screen may show a board at a moment."""
        return self.revoked_at is None and at < self.expires_at and board in self.boards


class Snapshot(models.Model):
    """The last picture of a board: every screen and every web process shows this one.

    `stamp` is the newest change it holds; `body` is gzipped JSON.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    board = models.CharField(max_length=40)
    stamp = models.CharField(max_length=64)
    etag = models.CharField(max_length=64)
    body = models.BinaryField()
    built_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "board"], name="one_snapshot_per_board"),
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.built_at}"
