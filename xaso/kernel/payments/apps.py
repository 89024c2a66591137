"""Being paid by bank transfer, as a Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The QR that banking programs read, the list of banks, the commune's accounts."""

    name = "xaso.kernel.payments"
    label = "payments"
