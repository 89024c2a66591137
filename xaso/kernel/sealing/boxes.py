"""Seal a text under the installation's field key, and find it again by a blind index.

AES-256-GCM with a random 96-bit nonce; the context (table.column) is authenticated with the text,
so that a sealed value copied into another column does not open. A sealed value is
`version (1 byte) ‖ nonce (12) ‖ ciphertext and tag`.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION = b"\x01"
_NONCE = 12


class CannotOpen(ValueError):
    """The sealed value was made under another key or context, or was changed."""


def seal(plain: str, *, context: str) -> bytes:
    """Return the sealed bytes of a text."""
    nonce = os.urandom(_NONCE)
    box = _box(settings.XASO_FIELD_KEY)
    return _VERSION + nonce + box.encrypt(nonce, plain.encode(), context.encode())


def unseal(sealed: bytes | memoryview, *, context: str) -> str:
    """Return the text of sealed bytes; the old key still opens while a rotation runs."""
    data = bytes(sealed)
    if data[:1] != _VERSION:
        raise CannotOpen("Unknown version of a sealed value.")
    nonce, body = data[1 : 1 + _NONCE], data[1 + _NONCE :]
    for key in filter(None, (settings.XASO_FIELD_KEY, settings.XASO_FIELD_KEY_OLD)):
        try:
            return _box(key).decrypt(nonce, body, context.encode()).decode()
        except InvalidTag:
            continue
    raise CannotOpen("A sealed value does not open: was the field key changed?")


def blind(value: str, *, context: str) -> str:
    """Return a keyed digest (64 hex) by which equal values are found without opening them."""
    key = _derived(settings.XASO_INDEX_KEY, "index")
    return hmac.digest(key, f"{context}\0{value}".encode(), "sha256").hex()


@lru_cache(maxsize=8)
def _box(key: str) -> AESGCM:
    return AESGCM(_derived(key, "field"))


@lru_cache(maxsize=8)
def _derived(key: str, purpose: str) -> bytes:
    return hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()
