"""Web Push: RFC 8030 (delivery), RFC 8291 and 8188 (encryption), RFC 8292 (VAPID).

The browser vendor's server sees only sealed bytes. The payload is a code, what happened and where
to look, nothing else.
"""

import base64
import hashlib
import json
import os
import struct
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from xaso.kernel.notifications.adapters import http
from xaso.kernel.notifications.letters import (
    Gone,
    Letter,
    NoAnswer,
    NotLetIn,
    TryLater,
    Undeliverable,
)

_RECORD = 4096
_TTL = 3 * 86_400  # seconds a push server keeps it for a phone that is off
_TOKEN_LIFE = 12 * 3600


class Keys(NamedTuple):
    """A browser's subscription: where to post, its public key and its secret."""

    endpoint: str
    p256dh: str
    auth: str


def send(letter: Letter) -> str:
    """Post to one browser; `address` is its subscription as JSON. Raises Gone for one that left.

    No answer is no harm: a second one takes the place of the first on the phone (Topic). A key or
    contact of ours that is refused (401, 403) is no fault of the browser's: NotLetIn.
    """
    keys = Keys(*json.loads(letter.address))
    payload = {"title": letter.title, "url": letter.link, "tag": letter.tag}
    public = serialization.PublicFormat.UncompressedPoint
    try:
        sealed = encrypt(json.dumps(payload, ensure_ascii=False).encode(), keys.p256dh, keys.auth)
    except ValueError as error:
        raise Gone("the subscription's keys are broken") from error
    own = private_key().public_key().public_bytes(serialization.Encoding.X962, public)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_TTL),
        "Urgency": "normal",
        "Topic": hashlib.sha256(letter.tag.encode()).hexdigest()[:32],
        "Authorization": f"vapid t={_vapid(keys.endpoint)}, k={encoded(own)}",
    }
    try:
        answer = http.ask("POST", keys.endpoint, body=sealed, headers=headers)
    except NoAnswer as error:
        raise TryLater(str(error)) from error
    except http.NotAllowed as error:
        raise Gone(str(error)) from error
    http.busy(answer)
    if answer.status in {404, 410}:
        raise Gone(f"HTTP {answer.status}")
    if answer.status in {401, 403}:
        raise NotLetIn(f"HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        raise Undeliverable(f"HTTP {answer.status}")
    return ""


def encrypt(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes = b"",
    ours: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Seal a payload for one browser (RFC 8291 §3.4, one record of RFC 8188).

    `salt` and `ours` are random unless a test vector gives them. Raises ValueError for bad keys.
    """
    theirs_raw, secret = decoded(p256dh), decoded(auth)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs_raw)
    own = ours or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    public = serialization.PublicFormat.UncompressedPoint
    own_raw = own.public_key().public_bytes(serialization.Encoding.X962, public)
    shared = own.exchange(ec.ECDH(), theirs)
    key_info = b"WebPush: info\0" + theirs_raw + own_raw
    first = _derived(shared, secret, key_info, 32)
    key = _derived(first, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(first, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", _RECORD, len(own_raw)) + own_raw
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def public_key() -> str:
    """Return the key by which browsers know our messages, base64url."""
    public = serialization.PublicFormat.UncompressedPoint
    raw = private_key().public_key().public_bytes(serialization.Encoding.X962, public)
    return encoded(raw)


def private_key() -> ec.EllipticCurvePrivateKey:
    """Return the installation's key (XASO_PUSH_KEY, 32 bytes in base64url); or NotLetIn."""
    try:
        number = int.from_bytes(decoded(settings.XASO_PUSH_KEY))
        return ec.derive_private_key(number, ec.SECP256R1())
    except ValueError as error:
        raise NotLetIn("XASO_PUSH_KEY is no private key of P-256") from error


def encoded(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url, padded or not; raises ValueError."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def _vapid(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _TOKEN_LIFE,
        "sub": settings.XASO_PUSH_CONTACT,
    }
    return jwt.encode(claims, private_key(), algorithm="ES256")
