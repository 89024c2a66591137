"""The register of certificates, the roots we trust, the lists of what was taken back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, pem, x509
from django.db import transaction
from django.utils.translation import gettext as _

from xaso.documents.adapters import demo as demo_keys
from xaso.documents.models import Certificate, RevocationList, TrustRoot
from xaso.documents.refusals import NotACertificate, OnlyInDemo
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock


@dataclass(frozen=True)
class NewCertificate:
    """A certificate to register: the file, whose it is (None: the agency's), who holds the key."""

    content: bytes
    official: Official | None
    holder: str = "absent"
    ref: str = ""


@transaction.atomic
def register_certificate(new: NewCertificate, *, commune: Commune, by: Actor) -> Certificate:
    """Name a certificate as a person's or the agency's; the same file again is the same row.

    Refuses with NotACertificate.
    """
    found = _read(new.content)
    row, is_new = Certificate.objects.get_or_create(
        commune=commune,
        sha256=found.sha256.hex(),
        defaults={
            "kind": Certificate.Kind.PERSON if new.official else Certificate.Kind.AGENCY,
            "official": new.official,
            "name": _common_name(found),
            "serial": str(found.serial_number)[:60],
            "der": found.dump(),
            "valid_from": found.not_valid_before,
            "valid_to": found.not_valid_after,
            "holder": new.holder,
            "ref": new.ref[:200],
            "made_by": by.id,
            "made_at": clock.now(),
        },
    )
    if is_new:
        changes = {"sha256": row.sha256, "kind": row.kind}
        audit.record(
            "documents.certificate_registered", row, by=by, commune=commune.id, changes=changes
        )
    return row


@transaction.atomic
def end_certificate(row: Certificate, reason: str, *, by: Actor) -> Certificate:
    """Sign with a certificate no longer (lost, or the person left); what it signed stays judged."""
    row = Certificate.objects.select_for_update().get(pk=row.pk)
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid(errors={"reason": [_("Bác ghi lý do thôi dùng chứng thư.")]})
    if row.ended_at is None:
        row.ended_at, row.ended_why = clock.now(), reason
        row.save(update_fields=["ended_at", "ended_why"])
        audit.record("documents.certificate_ended", row, by=by, commune=row.commune_id)
    return row


@transaction.atomic
def trust_root(
    content: bytes, *, commune: Commune, by: Actor, source: str = "", is_test: bool = False
) -> TrustRoot:
    """Trust a root from now on; the same file again is the same row. Refuses: NotACertificate."""
    found = _read(content)
    row, is_new = TrustRoot.objects.get_or_create(
        commune=commune,
        sha256=found.sha256.hex(),
        defaults={
            "name": _common_name(found),
            "pem": pem.armor("CERTIFICATE", found.dump()).decode(),
            "is_test": is_test,
            "source": clean_line(source)[:300],
            "valid_from": found.not_valid_before,
            "valid_to": found.not_valid_after,
            "made_by": by.id,
        },
    )
    if is_new:
        changes = {"sha256": row.sha256, "test": is_test}
        audit.record("documents.root_trusted", row, by=by, commune=commune.id, changes=changes)
    return row


@transaction.atomic
def keep_list(content: bytes, *, commune: Commune, by: Actor) -> RevocationList:
    """Keep an authority's newest list; an older one than the kept changes nothing."""
    try:
        found = crl.CertificateList.load(content, strict=True)
        issued: datetime = found["tbs_cert_list"]["this_update"].native
        next_at: datetime | None = found["tbs_cert_list"]["next_update"].native
        issuer = hashlib.sha256(found.issuer.dump()).hexdigest()
    except (ValueError, TypeError) as error:
        raise NotACertificate from error
    row, is_new = RevocationList.objects.select_for_update().get_or_create(
        commune=commune,
        issuer=issuer,
        defaults={"der": content, "issued_at": issued, "next_at": next_at, "kept_at": clock.now()},
    )
    if not is_new and issued > row.issued_at:
        row.der, row.issued_at, row.next_at, row.kept_at = content, issued, next_at, clock.now()
        row.save()
    audit.record("documents.list_kept", row, by=by, commune=commune.id)
    return row


def set_up_demo(officials: list[Official], *, commune: Commune, by: Actor) -> list[Certificate]:
    """Give an invented commune an invented authority, and keys to its leaders and itself.

    Refuses with OnlyInDemo: keys of real people are never files.
    """
    if not commune.is_demo:
        raise OnlyInDemo
    key = str(commune.id)
    root = demo_keys.root_pem(key).encode()
    trust_root(root, commune=commune, by=by, source="THỬ NGHIỆM", is_test=True)
    keep_list(demo_keys.revocations(key), commune=commune, by=by)
    held = demo_keys.named(key, "agency", f"UBND {commune.full_name}")
    agency = NewCertificate(held.der, None, "demo", f"{key}/agency")
    made = [register_certificate(agency, commune=commune, by=by)]
    for each in officials:
        name = f"person-{each.pk}"
        held = demo_keys.named(key, name, str(each))
        new = NewCertificate(held.der, each, "demo", f"{key}/{name}")
        made.append(register_certificate(new, commune=commune, by=by))
    return made


def _read(content: bytes) -> x509.Certificate:
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        found = x509.Certificate.load(der, strict=True)
        _common_name(found)
        if not isinstance(found.not_valid_after, datetime):
            raise NotACertificate
    except (ValueError, TypeError) as error:
        raise NotACertificate from error
    return found


def _common_name(found: x509.Certificate) -> str:
    name = found.subject.native.get("common_name") or found.subject.human_friendly
    return clean_line(str(name))[:200]
