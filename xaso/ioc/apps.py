"""The operations centre and its wall, as a Django app."""

from django.apps import AppConfig


class IocConfig(AppConfig):
    """The operations centre and its wall."""

    name = "xaso.ioc"
    label = "ioc"
