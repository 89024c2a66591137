"""Invented data to try the platform with, as a Django app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented data to try the platform with."""

    name = "xaso.demo"
    label = "demo"
