"""Sentences spoken by villagers, as a Django app."""

from django.apps import AppConfig


class VoicesConfig(AppConfig):
    """Sentences spoken by villagers."""

    name = "xaso.kernel.voices"
    label = "voices"
