"""Officials, roles, devices, keys, consent, as a Django app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Officials, roles, devices, keys, consent."""

    name = "xaso.kernel.identity"
    label = "identity"
