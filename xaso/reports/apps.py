"""Reports of residents: received, worked on, answered in public, as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports of residents: received, worked on, answered in public."""

    name = "xaso.reports"
    label = "reports"
