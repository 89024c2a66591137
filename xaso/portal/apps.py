"""The public site, as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "xaso.portal"
    label = "portal"
