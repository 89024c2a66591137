"""Dossiers of the one-stop centre: received, worked on, returned in time, as a Django app."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Dossiers of the one-stop centre: received, worked on, returned in time."""

    name = "xaso.dossiers"
    label = "dossiers"
