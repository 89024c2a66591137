"""Counters that actions write and the operations centre reads, as a Django app."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Counters that actions write and the operations centre reads."""

    name = "xaso.kernel.measures"
    label = "measures"
