"""Keys of machines that use the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import keys, permissions, queries
from xaso.kernel.identity.models import ApiKey
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.working_time import clock

LONGEST = timedelta(days=366)
_SEEN_EVERY = timedelta(minutes=1)


class UnknownScope(Refusal):
    """A key may hold the permissions of `permissions.SCOPES` and no other."""

    sentence = _("Khóa này không được mang quyền đó. Xin chọn trong các quyền có sẵn.")


class KeyNeedsEnd(Refusal):
    """A key ends within a year, so that forgotten ones do not stay open."""

    sentence = _("Khóa phải có ngày hết hạn, trong vòng một năm kể từ hôm nay.")


@dataclass(frozen=True)
class NewKey:
    """What a new key is for: who uses it, for which permissions, until when."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime


@transaction.atomic
def create_api_key(commune: Commune, new: NewKey, *, by: Actor) -> tuple[ApiKey, str]:
    """Make a key; return it and the text to hand over, which is shown this once.

    Refuses with UnknownScope and KeyNeedsEnd.
    """
    if not new.scopes or set(new.scopes) - set(permissions.SCOPES):
        raise UnknownScope
    now = clock.now()
    if not now < new.expires_at <= now + LONGEST:
        raise KeyNeedsEnd
    text, prefix, digest = keys.new_api_key()
    key = ApiKey.objects.create(
        commune=commune,
        name=new.name,
        prefix=prefix,
        digest=digest,
        scopes=sorted(set(new.scopes)),
        created_at=now,
        expires_at=new.expires_at,
    )
    audit.record(
        "identity.api_key_created",
        key,
        by=by,
        commune=commune.id,
        changes={"prefix": prefix, "scopes": key.scopes, "expires_at": new.expires_at.isoformat()},
    )
    return key, text


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: Actor) -> ApiKey:
    """Close a key from now on; closing it twice changes nothing."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        key.save(update_fields=["revoked_at"])
        audit.record("identity.api_key_revoked", key, by=by, commune=key.commune_id)
    return key


def use_api_key(text: str, commune: Commune) -> Actor | None:
    """Return who the machine behind a key is, or None; note when the key was last used.

    The note is made at most once a minute, so that a busy machine does not write at every call.
    """
    key = queries.api_key(text, commune)
    if key is None:
        return None
    now = clock.now()
    if key.last_used_at is None or now - key.last_used_at >= _SEEN_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return queries.machine_actor(key)
