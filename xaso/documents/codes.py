"""A short signed text that proves a slip is ours, also with no network: what a QR carries.

`XS1.<key>.<body>.<signature>`: the body is JSON in base64url, the signature ECDSA P-256 with
SHA-256 over everything before it, as the 64 raw bytes browsers speak (r, then s). The body says
what kind of paper, its code, when it was made and a few facts; never a name, an address or a phone.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from xaso.documents.refusals import BadCode

VERSION = "XS1"
MOST = 900  # characters; a larger square is hard to read from thin paper
FACTS = ("due", "received", "number", "dated", "copies", "total", "expires", "offline")
_SHAPE = re.compile(r"XS1\.([a-z2-7]{8})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./Đđ_-]{0,59}")
_KIND = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HALF = 32
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Body:
    """What a code says: kind of paper, its code, the moment it was made, facts by name."""

    kind: str
    code: str
    made_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """A code taken apart, its signature not yet checked."""

    key: str
    body: Body
    message: bytes
    signature: bytes


def signed(body: Body, key: ec.EllipticCurvePrivateKey) -> str:
    """Return the text of a QR. Refuses with BadCode what is no code, fact or does not fit."""
    _check(body)
    said: dict[str, Any] = {"k": body.kind, "c": body.code, "t": _minute(body.made_at)}
    if body.facts:
        said["f"] = dict(body.facts)
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    head = f"{VERSION}.{key_id(key.public_key())}.{_pack(text.encode())}"
    r, s = utils.decode_dss_signature(key.sign(head.encode(), ec.ECDSA(SHA256())))
    whole = f"{head}.{_pack(r.to_bytes(_HALF) + s.to_bytes(_HALF))}"
    if len(whole) > MOST:
        raise BadCode
    return whole


def taken_apart(text: str) -> Signed:
    """Return the parts of a code, also out of an address that ends with one. Refuses: BadCode."""
    text = text.strip().rpartition("#")[2]
    shape = _SHAPE.fullmatch(text) if len(text) <= MOST else None
    if shape is None:
        raise BadCode
    try:
        said = json.loads(_unpack(shape[2]))
        body = Body(
            said["k"], said["c"], datetime.fromisoformat(said["t"]), dict(said.get("f", {}))
        )
        _check(body)
        signature = _unpack(shape[3])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCode from error
    return Signed(shape[1], body, text.rpartition(".")[0].encode(), signature)


def is_genuine(code: Signed, key: ec.EllipticCurvePublicKey) -> bool:
    """Return whether this key signed this code."""
    r, s = (int.from_bytes(half) for half in (code.signature[:_HALF], code.signature[_HALF:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), code.message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def is_signed(message: bytes, signature: str, key: ec.EllipticCurvePublicKey) -> bool:
    """Return whether a key signed a text; `signature`: r and s as browsers speak, base64url."""
    try:
        raw = _unpack(signature)
    except BadCode:
        return False
    if len(raw) != 2 * _HALF:
        return False
    return is_genuine(Signed("", Body("", "", _NEVER), message, raw), key)


def key_id(key: ec.EllipticCurvePublicKey) -> str:
    """Return the short name of a key: 40 bits of the digest of its point, in base 32."""
    numbers = key.public_numbers()
    point = numbers.x.to_bytes(_HALF) + numbers.y.to_bytes(_HALF)
    return base64.b32encode(hashlib.sha256(point).digest()[:5]).decode().lower()


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return a public key as browsers import it."""
    numbers = key.public_numbers()
    x, y = (_pack(half.to_bytes(_HALF)) for half in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def from_jwk(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    """Return the public key a browser made. Refuses with BadCode what is no point of P-256."""
    try:
        if jwk["kty"] != "EC" or jwk["crv"] != "P-256" or "d" in jwk:
            raise BadCode
        x, y = (int.from_bytes(_unpack(jwk[half])) for half in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadCode from error


def _check(body: Body) -> None:
    facts_fit = all(
        name in FACTS and isinstance(value, str) and 0 < len(value) <= 60
        for name, value in body.facts.items()
    )
    if not (_KIND.fullmatch(body.kind) and _CODE.fullmatch(body.code) and facts_fit):
        raise BadCode
    if body.made_at.utcoffset() is None:
        raise BadCode


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unpack(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise BadCode from error
