"""Who holds which key: the one place where adapters of signing are chosen."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from xaso.documents.adapters import KeyHolder
from xaso.documents.adapters import demo as demo_keys
from xaso.documents.adapters.absent import Absent
from xaso.documents.adapters.demo import Demo
from xaso.documents.adapters.failing import Failing
from xaso.documents.models import Certificate
from xaso.documents.refusals import NoCertificate
from xaso.documents.signing.parts import Hand
from xaso.kernel.places.models import Commune

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

_HOLDERS: dict[str, type[KeyHolder]] = {"demo": Demo, "failing": Failing, "absent": Absent}


def hand(row: Certificate) -> Hand:
    """Return whoever signs with a registered certificate."""
    holder = _HOLDERS.get(row.holder, Absent)()
    ref = row.ref

    def sign(data: bytes, digest: str) -> bytes:
        return holder.sign(ref, data, digest)

    return Hand(bytes(row.der), holder.chain(ref), sign, holder.picture(ref))


def stamper(row: Certificate) -> "TimeStamper | None":
    """Return the time stamping service: the installation's, else the demo's own, else none."""
    if settings.XASO_TSA_URL:
        from xaso.documents.adapters.tsa import HttpStamper  # noqa: PLC0415 - large, seldom asked

        return HttpStamper(settings.XASO_TSA_URL)
    if row.holder in {"demo", "failing"}:
        return demo_keys.stamper(str(row.commune_id))
    return None


def counting(
    commune: Commune, kind: Certificate.Kind, at: datetime, *, official: int | None = None
) -> Certificate:
    """Return the certificate that counts now for a person or the agency, or NoCertificate."""
    rows = Certificate.objects.filter(
        commune=commune,
        kind=kind,
        ended_at__isnull=True,
        valid_from__lte=at,
        valid_to__gt=at,
    )
    if official is not None:
        rows = rows.filter(official=official)
    row = rows.order_by("-valid_from", "-id").first()
    if row is None:
        raise NoCertificate
    return row
