"""An invented certificate authority for demos and tests; its papers are worth nothing.

Every name says THỬ NGHIỆM. Real authorities are roots in the commune's trust list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
MARK = "THỬ NGHIỆM"
SIGN, STAMP, TLS = "sign", "stamp", "tls"
_YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Held:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> str:
        """The certificate, PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        """The key, PEM, unprotected: a demo key."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()


def opened(key_pem: str, pem: str) -> Held:
    """Return what `Held.key_pem` and `Held.pem` wrote down."""
    key: Any = serialization.load_pem_private_key(key_pem.encode(), None)
    return Held(key, x509.load_pem_x509_certificate(pem.encode()))


def new_key(kind: str = "p256") -> Key:
    """Return a fresh key: p256, or rsa with its bits (`rsa2048`)."""
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))


def root(name: str, begins: datetime, *, key: str = "p256") -> Held:
    """Return a self-signed authority."""
    held = new_key(key)
    subject = _name(name)
    builder = _builder(subject, subject, held, begins, _YEARS * 3)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(_usage(ca=True), critical=True)
    builder = _keyed(builder, held, held)
    return Held(held, builder.sign(held, hashes.SHA256()))


def leaf(  # noqa: PLR0913  (what a certificate says)
    issuer: Held,
    name: str,
    begins: datetime,
    *,
    use: str = SIGN,
    key: str = "p256",
    lasts: timedelta = _YEARS,
    crl_url: str = "",
) -> Held:
    """Return a certificate of a person or an agency (`sign`), a time stamper, or a web server."""
    held = new_key(key)
    builder = _builder(_name(name), issuer.certificate.subject, held, begins, lasts)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.add_extension(_usage(sign=use == SIGN), critical=True)
    if use != SIGN:
        oid = ExtendedKeyUsageOID.TIME_STAMPING if use == STAMP else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([oid]), critical=True)
    if crl_url:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    builder = _keyed(builder, held, issuer.key)
    return Held(held, builder.sign(issuer.key, hashes.SHA256()))


def crl(issuer: Held, at: datetime, revoked: dict[int, datetime] | None = None) -> bytes:
    """Return the authority's list of what it took back, DER, good for a year."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(at).next_update(at + timedelta(days=365))
    for serial, since in (revoked or {}).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    public: Any = issuer.key.public_key()
    builder = builder.add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False
    )
    made = builder.sign(issuer.key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Xã Số {MARK}"),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, begins: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return builder.not_valid_before(begins).not_valid_after(begins + lasts)


def _keyed(builder: x509.CertificateBuilder, key: Key, issuer: Key) -> x509.CertificateBuilder:
    own: Any = key.public_key()
    above: Any = issuer.public_key()
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
    return builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False
    )


def _usage(*, ca: bool = False, sign: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=sign and not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
