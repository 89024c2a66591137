"""Tenancy as a Django app."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Who may see which commune's rows."""

    name = "xaso.kernel.tenancy"
    label = "tenancy"
