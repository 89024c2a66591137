"""The official's desk, as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The official's desk."""

    name = "xaso.desk"
    label = "desk"
