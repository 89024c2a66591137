"""What a resident allowed a helper to do with one dossier, and whether it still holds."""

from datetime import datetime

from xaso.dossiers.models import Dossier, FilingConsent, HelpScope
from xaso.kernel.identity.models import Consent


def of(dossier: Dossier) -> FilingConsent | None:
    """Return what was agreed for a dossier, ended or not; None when nobody helped with it."""
    rows = FilingConsent.objects.select_related("helper")
    return rows.filter(commune=dossier.commune_id, uuid=dossier.uuid).first()


def allows(agreed: FilingConsent | None, scope: HelpScope, now: datetime) -> bool:
    """Return whether an agreement goes so far, was not taken back and is not over."""
    if agreed is None or scope not in agreed.scopes:
        return False
    if agreed.withdrawn_at is not None or agreed.valid_until <= now:
        return False
    rows = Consent.objects.filter(commune=agreed.commune_id, pk=agreed.consent_id)
    return rows.filter(withdrawn_at__isnull=True).exists()
