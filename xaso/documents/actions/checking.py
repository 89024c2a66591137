"""Codes on slips that anybody can check, also without a network."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import transaction
from django.utils.translation import gettext as _

from xaso.documents import codes
from xaso.documents.codes import Body
from xaso.documents.models import CheckKey
from xaso.documents.refusals import KeyKnown
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock


def sign_code(
    kind: str, code: str, facts: Mapping[str, str] | None = None, *, commune: Commune
) -> str:
    """Return the signed text for the QR of a slip: kind of paper (`mau-01`), its code, facts.

    `facts` may hold due, received, number, dated, copies, total, expires (texts up to 60
    characters, times in ISO 8601): whoever finds the slip can read them, so never a name.
    Put it behind `queries.check_address(text)`. Refuses with BadCode.
    """
    row = _server_key(commune)
    key = load_pem_private_key(row.private.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError
    return codes.signed(Body(kind, code, clock.now(), dict(facts or {})), key)


@transaction.atomic
def register_device(name: str, jwk: Mapping[str, Any], *, commune: Commune, by: Actor) -> CheckKey:
    """Publish the public half of a counter device's key, so that its offline slips can be checked.

    The private half was made by the browser, is not exportable and never comes here.
    Refuses with BadCode (no P-256 point, or a private half was sent), KeyKnown, Invalid (no name).
    """
    public = codes.from_jwk(jwk)
    name = clean_line(name)[:80]
    if not name:
        raise Invalid(errors={"name": [_("Bác đặt cho máy một cái tên, ví dụ “Quầy 2”.")]})
    kid = codes.key_id(public)
    if CheckKey.objects.filter(commune=commune, kid=kid).exists():
        raise KeyKnown
    row = _kept(CheckKey.Kind.DEVICE, name, public, "", commune=commune, by=by)
    audit.record("documents.device_registered", row, by=by, commune=commune.id)
    return row


@transaction.atomic
def retire_key(row: CheckKey, *, by: Actor, is_lost: bool = False) -> CheckKey:
    """Stop using a key; `is_lost` also takes back what it signed before (stolen, copied)."""
    row = CheckKey.objects.select_for_update().get(pk=row.pk)
    row.valid_to = row.valid_to or clock.now()
    row.is_lost = row.is_lost or is_lost
    row.save(update_fields=["valid_to", "is_lost"])
    changes = {"kid": row.kid, "lost": row.is_lost}
    audit.record("documents.key_retired", row, by=by, commune=row.commune_id, changes=changes)
    return row


def _server_key(commune: Commune) -> CheckKey:
    """Return the commune's own key, made when it is first needed."""
    rows = CheckKey.objects.filter(
        commune=commune, kind=CheckKey.Kind.SERVER, valid_to__isnull=True
    )
    row = rows.first()
    if row is not None:
        return row
    with transaction.atomic():
        Commune.objects.select_for_update(no_key=True).get(pk=commune.pk)
        if found := rows.first():
            return found
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        name = commune.full_name
        row = _kept(CheckKey.Kind.SERVER, name, key.public_key(), pem, commune=commune, by=SYSTEM)
        audit.record("documents.server_key_made", row, by=SYSTEM, commune=commune.id)
        return row


def _kept(  # noqa: PLR0913  (one row)
    kind: CheckKey.Kind,
    name: str,
    public: ec.EllipticCurvePublicKey,
    private: str,
    *,
    commune: Commune,
    by: Actor,
) -> CheckKey:
    jwk = codes.public_jwk(public)
    return CheckKey.objects.create(
        commune=commune,
        kid=codes.key_id(public),
        kind=kind,
        name=name,
        x=jwk["x"],
        y=jwk["y"],
        private=private,
        valid_from=clock.now(),
        made_by=by.id,
    )
