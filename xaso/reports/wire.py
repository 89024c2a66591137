"""One fingerprint for what a sender gave, so that a retry is known from other words."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from xaso.kernel.text import nfc

_OUTSIDE = frozenset({"sent_at"})  # the moment of one try is no part of the report


def content_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 (64 hex) of the canonical form: NFC, sorted keys, no blanks."""
    kept = {key: value for key, value in body.items() if key not in _OUTSIDE}
    text = json.dumps(_even(kept), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _even(value: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, Mapping):
        return {nfc(str(key)): _even(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_even(each) for each in value]
    return value
