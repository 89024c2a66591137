"""Random tokens and the keyed digests kept of them."""

import hmac
import secrets
from uuid import UUID

from xaso.kernel.sealing import boxes

_START = "xaso"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def device_digest(token: str, commune: UUID) -> str:
    """Return the digest of a device's token; it differs from commune to commune."""
    return boxes.blind(token, context=f"identity.device.{commune}")


def new_api_key() -> tuple[str, str, str]:
    """Return (the key to hand over, its public prefix, the digest to keep)."""
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    return f"{_START}_{prefix}_{secret}", prefix, _digest(secret)


def taken_apart(text: str) -> tuple[str, str]:
    """Return (prefix, digest) of a key that a machine shows; empty texts for anything else."""
    start, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if start != _START or not prefix or not secret or len(text) > 100:
        return "", ""
    return prefix, _digest(secret)


def is_same(kept: str, shown: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(kept, shown)


def temporary_password() -> str:
    """Return a password of 16 easy letters in four groups (79 bits), to be printed once."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 16, 4))


def _digest(secret: str) -> str:
    return boxes.blind(secret, context="identity.api_key")
