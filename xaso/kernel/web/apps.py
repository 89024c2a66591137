"""What every page is made of, as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What every page is made of."""

    name = "xaso.kernel.web"
    label = "web"
