"""Background work, bound to the transaction, as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work, bound to the transaction."""

    name = "xaso.kernel.jobs"
    label = "jobs"
