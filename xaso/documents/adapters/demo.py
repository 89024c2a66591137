"""Keys in files of the data home, made by an invented authority: demo communes and tests only."""

import json
import os
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings

from xaso.documents.adapters import authority
from xaso.documents.adapters.authority import Held
from xaso.documents.refusals import KeyAway
from xaso.kernel.working_time import clock

if TYPE_CHECKING:
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

ROOT, STAMPER = "root", "stamper"
_PICTURES = Path(__file__).parent / "pictures"
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class Demo:
    """One commune's invented keys; the reference is `<commune>/<name>`."""

    def certificate(self, ref: str) -> bytes:
        """Return the certificate."""
        return _held(ref, _home()).der

    def chain(self, ref: str) -> list[bytes]:
        """Return the invented root."""
        return [_held(f"{ref.partition('/')[0]}/{ROOT}", _home()).der]

    def sign(self, ref: str, data: bytes, digest: str) -> bytes:
        """Return a signature; the key is read once per process."""
        key, algorithm = _held(ref, _home()).key, _HASHES[digest]
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), algorithm)
        return key.sign(data, ec.ECDSA(algorithm))

    def picture(self, ref: str) -> bytes | None:
        """Return an invented hand or seal; both say THỬ NGHIỆM."""
        kind = "seal" if ref.endswith("/agency") else "hand"
        return (_PICTURES / f"{kind}.png").read_bytes()


def root_pem(commune: str) -> str:
    """Return the invented root of a commune, made when first needed."""
    return _made(f"{commune}/{ROOT}").pem


def named(commune: str, name: str, person: str) -> Held:
    """Return the keys of a person or the agency, made when first needed."""
    return _made(f"{commune}/{name}", person)


def revocations(commune: str) -> bytes:
    """Return the invented authority's list: nothing was taken back."""
    return authority.crl(_made(f"{commune}/{ROOT}"), clock.now() - timedelta(minutes=1))


def stamper(commune: str) -> "DummyTimeStamper":
    """Return a time stamping service in this process."""
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper  # noqa: PLC0415 - large
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    held = _made(f"{commune}/{STAMPER}")
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register(x509.Certificate.load(_made(f"{commune}/{ROOT}").der))
    _kind, _headers, key = pem.unarmor(held.key_pem.encode())
    return DummyTimeStamper(
        x509.Certificate.load(held.der),
        keys.PrivateKeyInfo.load(key),
        certs_to_embed=registry,
        fixed_dt=clock.now(),
    )


def _home() -> str:
    return str(settings.XASO_HOME)


def _file(ref: str) -> Path:
    commune, _slash, name = ref.partition("/")
    return Path(settings.XASO_HOME) / "demo-keys" / commune / f"{name}.json"


def _made(ref: str, person: str = "") -> Held:
    if not _file(ref).exists():
        commune, _slash, name = ref.partition("/")
        begins = clock.now() - timedelta(days=30)
        if name == ROOT:
            held = authority.root(f"Gốc {authority.MARK}", begins)
        else:
            use = authority.STAMP if name == STAMPER else authority.SIGN
            key = "rsa2048" if name == STAMPER else "p256"
            title = person or f"Dấu thời gian {authority.MARK}"
            root = _made(f"{commune}/{ROOT}")
            held = authority.leaf(root, title, begins, use=use, key=key)
        _keep(ref, held)
    return _held(ref, _home())


def _keep(ref: str, held: Held) -> None:
    file = _file(ref)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps({"key": held.key_pem, "certificate": held.pem})
    new = file.with_suffix(f".{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    if not file.exists():  # somebody else was quicker: theirs stays
        new.rename(file)
    new.unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _held(ref: str, home: str) -> Held:
    """Read keys once; `home` is there so that another data home has other keys."""
    file = _file(ref)
    if home != _home() or not file.exists():
        raise KeyAway
    said = json.loads(file.read_text(encoding="utf-8"))
    return authority.opened(said["key"], said["certificate"])
