"""Errors, paging and keys of the APIs, as a Django app."""

from django.apps import AppConfig


class OpenApiConfig(AppConfig):
    """Errors, paging and keys of the APIs."""

    name = "xaso.kernel.open_api"
    label = "open_api"
