"""Background work of the room."""

from uuid import UUID

from xaso.dossiers.actions import resulting, telling
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune


@jobs.task("dossiers.tell")
def tell(*, commune: UUID, dossier: int, seq: int) -> None:
    """Tell the citizen and the holder of one step."""
    telling.tell_now(dossier, seq)


@jobs.task("dossiers.result_moved")
def result_moved(*, commune: UUID, document: str, state: str) -> None:
    """Follow the paper of a result: end the dossier when it is issued."""
    resulting.result_moved(UUID(document), commune=Commune.objects.get(pk=commune))
