"""Everything that changes what was answered."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from xaso.kernel.open_api.models import Answered
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

KEPT_FOR = timedelta(hours=48)
_BEGIN = """
    INSERT INTO open_api_answered
        (commune_id, key, request, content_type, location, body, asked_at)
    VALUES (%s, %s, %s, '', '', '', %s) ON CONFLICT (commune_id, key) DO NOTHING
"""


class KeyUsedOtherwise(Refusal):
    """The key already stands for another request; nothing was done."""

    sentence = _("Khóa Idempotency-Key này đã dùng cho một nội dung khác. Xin gửi với khóa mới.")


@dataclass(frozen=True)
class Kept:
    """An answer as it was given."""

    status: int
    content_type: str
    location: str
    body: str


def begin(commune: Commune | UUID, key: str, request: str) -> Kept | None:
    """Claim a key for a request; return the answer when it was given before, else None.

    Two at once: the database lets the second wait until the first has committed (then it finds
    the answer) or given up (then it is the first). Refuses with KeyUsedOtherwise.
    """
    commune_id = commune.id if isinstance(commune, Commune) else commune
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [commune_id, key, request, clock.now()])
        if cursor.rowcount:
            return None
    known = Answered.objects.get(commune=commune_id, key=key)
    if known.request != request or known.status is None:
        raise KeyUsedOtherwise
    return Kept(known.status, known.content_type, known.location, known.body)


def finish(commune: Commune | UUID, key: str, answer: Kept) -> None:
    """Keep the answer to a claimed key."""
    Answered.objects.filter(commune=commune, key=key).update(
        status=answer.status,
        content_type=answer.content_type,
        location=answer.location,
        body=answer.body,
    )


def forget() -> None:
    """Forget in every commune the answers older than two days."""
    before = clock.now() - KEPT_FOR
    for commune in places.communes():
        with tenancy.inside(commune.id):
            Answered.objects.filter(asked_at__lt=before).delete()
