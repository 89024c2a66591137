"""Background work of the room."""

from uuid import UUID

from xaso.dossiers.actions import telling
from xaso.kernel.jobs import actions as jobs


@jobs.task("dossiers.tell")
def tell(*, commune: UUID, dossier: int, seq: int) -> None:
    """Tell the citizen and the holder of one step."""
    telling.tell_now(dossier, seq)
