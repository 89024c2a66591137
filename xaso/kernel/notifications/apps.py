"""The outbox and its channels, as a Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox and its channels."""

    name = "xaso.kernel.notifications"
    label = "notifications"
