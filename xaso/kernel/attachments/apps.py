"""Files by content hash, as a Django app."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Files by content hash."""

    name = "xaso.kernel.attachments"
    label = "attachments"
