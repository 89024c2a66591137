"""What a resident allowed a helper to do with one dossier, and whether it still holds."""

from datetime import datetime

from xaso.dossiers.models import Dossier, FilingConsent, HelpScope
from xaso.kernel.identity.models import Consent


def of(dossier: Dossier) -> FilingConsent | None:
    """Return what was agreed for a dossier, ended or not; None when nobody helped with it.

    The dossier itself must name the agreement: one that was written under the key of somebody
    else's dossier gives no right to it.
    """
    if dossier.consent_id is None:
        return None
    rows = FilingConsent.objects.select_related("helper").filter(commune=dossier.commune_id)
    return rows.filter(uuid=dossier.uuid, consent_id=dossier.consent_id).first()


def draft_of(agreed: FilingConsent) -> Dossier | None:
    """Return the dossier that was written on an agreement, if there is one."""
    rows = Dossier.objects.filter(commune=agreed.commune_id, uuid=agreed.uuid)
    return rows.filter(consent_id=agreed.consent_id).first()


def allows(agreed: FilingConsent | None, scope: HelpScope, now: datetime) -> bool:
    """Return whether an agreement goes so far, was not taken back and is not over."""
    if agreed is None or scope not in agreed.scopes:
        return False
    if agreed.withdrawn_at is not None or agreed.valid_until <= now:
        return False
    rows = Consent.objects.filter(commune=agreed.commune_id, pk=agreed.consent_id)
    return rows.filter(withdrawn_at__isnull=True).exists()
