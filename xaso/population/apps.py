"""The register of persons and households, as a Django app."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    """Persons, households, residence: the commune's own working copy."""

    name = "xaso.population"
    label = "population"
