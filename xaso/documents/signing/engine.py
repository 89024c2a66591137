"""Put signatures into a PDF; keys are asked for one signature at a time and never held here.

Order A of the house: the page already says number and date. Both fields are made before anybody
signs (a visible field added after the first signature would break it). The person certifies and
allows filled fields only; the agency signs second and locks every field; at the end come the
revocation lists and a time stamp over all of it.
"""

import asyncio
import io
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from asn1crypto import crl, pem, x509
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import dss
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from xaso.documents.signing.parts import AGENCY, NAMES, PERSON, Hand, Proof

_HEIGHT = 841.89  # points: what is signed is A4 upright
Done = TypeVar("Done")


class _HeldElsewhere(Signer):
    """A signer that asks a key holder for each signature."""

    def __init__(self, hand: Hand) -> None:
        certificate = x509.Certificate.load(hand.certificate)
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(x509.Certificate.load(each) for each in hand.chain)
        super().__init__(signing_cert=certificate, cert_registry=registry, prefer_pss=False)
        self._hand = hand
        self._size = 512 if certificate.public_key.algorithm == "rsa" else 72

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002
    ) -> bytes:
        return bytes(self._size) if dry_run else self._hand.sign(data, digest_algorithm)


def prepared(pdf: bytes, places: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a PDF with an empty field at each place kept for a signature.

    `places` are {name, page, x, y, w, h} in points from the top left of an upright A4 page. The
    agency's field locks all fields once it is signed.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for place in places:
        left, upper = place["x"], _HEIGHT - place["y"]
        box = (left, upper - place["h"], left + place["w"], upper)
        lock = fields.FieldMDPSpec(fields.FieldMDPAction.ALL) if place["name"] == AGENCY else None
        spec = fields.SigFieldSpec(
            NAMES[place["name"]],
            on_page=place["page"] - 1,
            box=tuple(round(each) for each in box),
            field_mdp_spec=lock,
            empty_field_appearance=True,
        )
        fields.append_signature_field(writer, spec)
    return _written(writer)


def signed(pdf: bytes, who: str, hand: Hand, *, stamper: TimeStamper | None) -> bytes:
    """Return the PDF with one more signature: the person's (certifying) or the agency's.

    Without a stamper the signature is B-B, with one B-T.
    """
    meta = signers.PdfSignatureMetadata(
        field_name=NAMES[who],
        md_algorithm="sha256",
        certify=who == PERSON,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
        signer_key_usage=set(),  # judged by our own rules
    )
    signer = signers.PdfSigner(
        meta, signer=_HeldElsewhere(hand), timestamper=stamper, stamp_style=_stamp(hand.picture)
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    done = _finished(signer.async_sign_pdf(writer, existing_fields_only=True))
    return bytes(done.getbuffer())


def kept_for_long(pdf: bytes, proof: Proof, *, stamper: TimeStamper) -> bytes:
    """Return the PDF with what proves its certificates, and a time stamp over it all (B-LTA)."""
    reader = PdfFileReader(io.BytesIO(pdf))
    certificates = [x509.Certificate.load(each) for each in proof.certificates]
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for signature in reader.embedded_regular_signatures:
        dss.DocumentSecurityStore.supply_dss_in_writer(
            writer,
            sig_contents=signature.pkcs7_content.hex().encode("ascii"),
            certs=[*certificates, *map(from_pem, proof.roots)],
            crls=[crl.CertificateList.load(each) for each in proof.crls],
        )
    whole = IncrementalPdfFileWriter(io.BytesIO(_written(writer)))
    work = signers.PdfTimeStamper(stamper).async_timestamp_pdf(
        whole, "sha256", validation_context=None
    )
    return bytes(_finished(work).getbuffer())


def from_pem(text: str) -> x509.Certificate:
    """Return a certificate from its PEM text."""
    _kind, _headers, der = pem.unarmor(text.encode())
    return x509.Certificate.load(der)


def _stamp(picture: bytes | None) -> StaticStampStyle:
    """Return what is drawn in the field: a picture and no text, or nothing."""
    clear = (255, 255, 255, 0)
    image = Image.open(io.BytesIO(picture)) if picture else Image.new("RGBA", (4, 4), clear)
    return StaticStampStyle(background=PdfImage(image), background_opacity=1, border_width=0)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _finished(work: Coroutine[Any, Any, Done]) -> Done:
    """Run a coroutine to its end, also where a loop already runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as hand:
        return hand.submit(asyncio.run, work).result()
