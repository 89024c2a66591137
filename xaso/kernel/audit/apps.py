"""The sealed log book, as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The sealed log book."""

    name = "xaso.kernel.audit"
    label = "audit"
