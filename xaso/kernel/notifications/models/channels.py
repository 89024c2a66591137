"""How a commune reaches people: its account at each channel, and the browsers that listen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField
from xaso.kernel.working_time import clock


class Account(models.Model):
    """A commune's account at one channel: settings in plain JSON, secrets sealed.

    The tokens of a channel that rotates them (Zalo) lie here too. A refresh token is good once:
    `Receipt` keeps the answer that replaced it before anything else happens.
    """

    class Login(models.TextChoices):
        """How the tokens stand."""

        NONE = "none", _("Không cần")
        OK = "ok", _("Đang dùng được")
        NEEDED = "needed", _("Cần cấp quyền lại")

    commune = models.ForeignKey(Commune, models.PROTECT)
    channel = models.CharField(max_length=20)
    is_on = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)  # addresses and field names, never a secret
    secret = SealedTextField(context="notifications_account.secret", default="")
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=200, blank=True)
    login = models.CharField(max_length=10, choices=Login, default=Login.NONE)
    # By it the gateway proves that a text somebody sent comes from it; empty: no text is taken.
    inbound_secret = SealedTextField(context="notifications_account.inbound_secret", default="")
    access_token = SealedTextField(context="notifications_account.access_token", default="")
    access_until = models.DateTimeField(null=True)
    refresh_token = SealedTextField(context="notifications_account.refresh_token", default="")
    refresh_until = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    # Events the other side reports (Zalo's webhook): the newest that was right, and wrong ones.
    heard_at = models.DateTimeField(null=True)
    refused_events = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)  # personal data masked
    last_error_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "channel"], name="account_per_channel"),
        ]

    def __str__(self) -> str:
        return self.channel


class Receipt(models.Model):
    """A refresh token is being spent, and what came back for it: written and committed apart.

    Without an answer the token may or may not be spent; with one, a crash loses nothing.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE)
    parent = models.CharField(max_length=64)  # digest of the refresh token that is spent
    answer = SealedTextField(context="notifications_receipt.answer", default="")  # as it came
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["commune", "account", "-id"], name="receipt_newest")]

    def __str__(self) -> str:
        return f"{self.parent[:8]}"


class Subscription(models.Model):
    """A browser that agreed to be told (W3C Push API); the device behind it has no name."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    device = models.CharField(max_length=64)  # keyed digest of the device's token
    digest = models.CharField(max_length=64)  # keyed digest of the endpoint
    endpoint = SealedTextField(context="notifications_subscription.endpoint")
    p256dh = models.CharField(max_length=100)  # the browser's public key, base64url
    auth = SealedTextField(context="notifications_subscription.auth")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["commune", "device"], name="subscription_device")]
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="subscription_once"),
        ]

    def __str__(self) -> str:
        return self.device[:8]
