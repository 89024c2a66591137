"""One fingerprint for what a caller gave, so that a retry is known from other words."""

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from xaso.dossiers.given import NewDossier
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.text import nfc

_OUTSIDE = {"device_time"}  # the moment of one try is no part of the dossier


def content_hash(new: NewDossier) -> str:
    """Return the SHA-256 (64 hex) of what was given, in one canonical form."""
    given = {
        name: value
        for name, value in asdict(new, dict_factory=_plain).items()
        if name not in _OUTSIDE
    }
    text = json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(nfc(text).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: _value(value) for name, value in pairs}


def _value(value: object) -> object:
    if isinstance(value, Attachment):
        return value.sha256
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
