"""What came from counter machines, and what still waits for a human."""

from collections.abc import Sequence
from uuid import UUID

from xaso.dossiers.models import UNDER_WAY, Dossier, OfflineReception
from xaso.kernel.places.models import Commune

State = OfflineReception.State
_MOST = 200


def count(commune: Commune, key: UUID) -> int:
    """Return how many versions came under a key."""
    return OfflineReception.objects.filter(commune=commune, uuid=key).count()


def by_key(
    commune: Commune, key: UUID, *, sha256: str = "", digest: str = ""
) -> OfflineReception | None:
    """Return the newest version under a key: of these words, or the one that announced a photo."""
    rows = OfflineReception.objects.filter(commune=commune, uuid=key).select_related("dossier")
    if sha256:
        rows = rows.filter(files__contains=[sha256])
    if digest:
        rows = rows.filter(digest=digest)
    return rows.order_by("-id").first()


def to_decide(commune: Commune) -> Sequence[OfflineReception]:
    """Return what waits for a human, the oldest first."""
    rows = OfflineReception.objects.filter(commune=commune, state=State.CONFLICT)
    return list(rows.order_by("came_at")[:_MOST])


def count_to_decide(commune: Commune) -> int:
    """Return how many wait for a human."""
    return OfflineReception.objects.filter(commune=commune, state=State.CONFLICT).count()


def count_to_ask(commune: Commune) -> int:
    """Return how many dossiers under way came without an answer they must have."""
    rows = Dossier.objects.filter(commune=commune, unanswered__gt=0, is_mirror=False)
    return rows.filter(state__in=UNDER_WAY).count()


def decided(commune: Commune) -> Sequence[OfflineReception]:
    """Return what humans decided, the newest first."""
    rows = OfflineReception.objects.filter(commune=commune, decided_at__isnull=False)
    return list(rows.select_related("dossier").order_by("-decided_at")[:_MOST])
