"""Working calendars and deadlines, as a Django app."""

from django.apps import AppConfig


class WorkingTimeConfig(AppConfig):
    """Working calendars and deadlines."""

    name = "xaso.kernel.working_time"
    label = "working_time"
