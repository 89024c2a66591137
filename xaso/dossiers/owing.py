"""What is still to pay of a dossier: every decided line that nobody paid, whenever it was due.

An exemption has made its line smaller or free when the money was decided; it is not asked again.
"""

from django.db.models import QuerySet, Sum

from xaso.dossiers.models import Dossier, DossierFee, State

_OVER = (State.REFUSED, State.STOPPED)


def lines(dossier: Dossier) -> QuerySet[DossierFee]:
    """Return the lines that wait for their money; a refund is none."""
    return DossierFee.objects.filter(dossier=dossier, amount__gt=0, paid_at__isnull=True)


def owed(dossier: Dossier) -> int:
    """Return what is still to pay, in đồng."""
    found: int | None = lines(dossier).aggregate(sum=Sum("amount"))["sum"]
    return found or 0


def collects(dossier: Dossier) -> bool:
    """Return whether the counter takes money for it now: something is owed, and it goes on here."""
    return not dossier.is_mirror and dossier.state not in _OVER and owed(dossier) > 0
