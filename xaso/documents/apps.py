"""Papers of the office, as a Django app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers of the office: numbered, printed, signed, checked."""

    name = "xaso.documents"
    label = "documents"
