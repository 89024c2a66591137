"""A resident's device and what they agreed to."""

from dataclasses import dataclass

from django.db import transaction

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import keys
from xaso.kernel.identity.models import Consent, Device
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock


@dataclass(frozen=True)
class Agreed:
    """To what, in which wording and how someone agreed; `evidence` is a SHA-256 (64 hex)."""

    purpose: str
    text_version: str
    method: Consent.Method = Consent.Method.SCREEN
    evidence: str = ""


def issue_device(commune: Commune, *, token: str = "") -> tuple[Device, str]:
    """Know a resident's device from now on; return it and the token for its cookie.

    `token` is the one in the cookie we signed in another commune on the same host: the device
    keeps it, and each commune keeps another digest of it. Asking twice gives the same device.
    """
    token = token or keys.new_token()
    device, _ = Device.objects.get_or_create(
        commune=commune, digest=keys.device_digest(token, commune.id)
    )
    return device, token


@transaction.atomic
def give_consent(commune: Commune, subject: Actor, agreed: Agreed, *, by: Actor) -> Consent:
    """Write down that someone agreed; an open consent to another wording ends first.

    Agreeing to the same wording twice returns the first record.
    """
    known = _open(commune, subject, agreed.purpose)
    if known and known.text_version == agreed.text_version:
        return known
    if known:
        withdraw_consent(known, by=by)
    consent = Consent.objects.create(
        commune=commune,
        subject_kind=subject.kind,
        subject=subject.id,
        purpose=agreed.purpose,
        text_version=agreed.text_version,
        method=agreed.method,
        evidence=agreed.evidence,
        given_at=clock.now(),
    )
    audit.record(
        "identity.consent_given",
        consent,
        by=by,
        commune=commune.id,
        changes={"purpose": agreed.purpose, "text_version": agreed.text_version},
    )
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Actor) -> Consent:
    """End a consent from now on; what was done before stays lawful and stays written."""
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])
        audit.record("identity.consent_withdrawn", consent, by=by, commune=consent.commune_id)
    return consent


def _open(commune: Commune, subject: Actor, purpose: str) -> Consent | None:
    return (
        Consent.objects.select_for_update()
        .filter(
            commune=commune,
            subject_kind=subject.kind,
            subject=subject.id,
            purpose=purpose,
            withdrawn_at__isnull=True,
        )
        .first()
    )
