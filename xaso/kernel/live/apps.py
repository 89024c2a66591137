"""Server-sent events, as a Django app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Server-sent events."""

    name = "xaso.kernel.live"
    label = "live"
