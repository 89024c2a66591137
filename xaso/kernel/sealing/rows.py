"""Values sealed to one row, and found again by a blind index.

A column of numbers is a column of equals: whoever may write the table could move a sealed value
from one row to another. Here the row's own key is authenticated with the value, so that it opens
nowhere else. Layout: `format 0x01 ‖ key number ‖ nonce (12) ‖ ciphertext and tag`; 42 bytes for
twelve digits. The blind index is HMAC-SHA-256 under a key of its own: a plain hash of a number
made of province, sex, year and six digits is guessed in a second.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from xaso.kernel.sealing.boxes import CannotOpen

FORMAT = 1
_HEAD, _NONCE = 2, 12


def seal(plain: str, *, context: str, row: UUID) -> bytes:
    """Return a text sealed to the row `row` of `context` (`table.column`)."""
    key = _key(settings.XASO_FIELD_KEY, "row")
    return sealed(plain, key, _number(key), os.urandom(_NONCE), aad(context, row))


def unseal(data: bytes | memoryview, *, context: str, row: UUID) -> str:
    """Return the text of sealed bytes; the old key still opens while a rotation runs.

    Refuses with CannotOpen when key, row, context or bytes are not those it was sealed with.
    """
    for text in filter(None, (settings.XASO_FIELD_KEY, settings.XASO_FIELD_KEY_OLD)):
        try:
            return opened(bytes(data), _key(text, "row"), aad(context, row))
        except CannotOpen:
            continue
    raise CannotOpen("A sealed value does not open: was the field key or the row changed?")


def index(value: str, *, purpose: str) -> bytes:
    """Return the blind index (32 bytes) of a value already in its one way of writing."""
    return mac(value, _key(settings.XASO_INDEX_KEY, "rows index"), purpose)


def sealed(plain: str, key: bytes, number: int, nonce: bytes, bound: bytes) -> bytes:
    """Return the stored bytes for a key, its number, a nonce used once, and what binds it."""
    return bytes([FORMAT, number]) + nonce + _box(key).encrypt(nonce, plain.encode(), bound)


def opened(data: bytes, key: bytes, bound: bytes) -> str:
    """Return the text of stored bytes under one key. Refuses with CannotOpen."""
    if data[:1] != bytes([FORMAT]) or len(data) < _HEAD + _NONCE + 16:
        raise CannotOpen("Unknown format of a sealed value.")
    nonce, body = data[_HEAD : _HEAD + _NONCE], data[_HEAD + _NONCE :]
    try:
        return _box(key).decrypt(nonce, body, bound).decode()
    except InvalidTag:
        raise CannotOpen("A sealed value does not open.") from None


def mac(value: str, key: bytes, purpose: str) -> bytes:
    """Return HMAC-SHA-256 over `xaso:<purpose>:v1:<value>`."""
    return hmac.digest(key, f"xaso:{purpose}:v1:{value}".encode(), "sha256")


def aad(context: str, row: UUID) -> bytes:
    """Return what is authenticated with a value: where it stands."""
    return f"{context}|{row}".encode()


@lru_cache(maxsize=8)
def _key(text: str, purpose: str) -> bytes:
    return hmac.new(text.encode(), purpose.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=8)
def _box(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=8)
def _number(key: bytes) -> int:
    """Return a key's number: it tells rotations apart and gives nothing of the key away."""
    return hashlib.sha256(b"number" + key).digest()[0] or 1
