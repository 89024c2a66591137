"""Places as a Django app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Communes, villages, dated codes."""

    name = "xaso.kernel.places"
    label = "places"
