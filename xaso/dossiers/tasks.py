"""Background work of the room."""

from uuid import UUID

from xaso.dossiers.actions import (
    following_calendar,
    forgetting,
    keeping,
    resulting,
    telling,
    telling_villages,
    warning,
)
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune


@jobs.task("dossiers.tell")
def tell(*, commune: UUID, dossier: int, seq: int) -> None:
    """Tell the citizen and the holder of one step."""
    telling.tell_now(dossier, seq)


@jobs.task(telling_villages.TASK)
def tell_villages(*, commune: UUID, round_: int, what: str, villages: list[int], key: str) -> None:
    """Text people of villages about a round."""
    telling_villages.tell_now(round_, what, villages, key, commune)


@jobs.task("dossiers.result_moved")
def result_moved(*, commune: UUID, document: str, state: str) -> None:
    """Follow the paper of a result: end the dossier when it is issued."""
    resulting.result_moved(UUID(document), commune=Commune.objects.get(pk=commune))


@jobs.task(keeping.ERASE, queue="nightly", retries=3)
def erase(*, commune: UUID, list_: str) -> None:
    """Erase the next dossiers of a list an administrator approved."""
    keeping.erase_part(UUID(list_))


@jobs.task(forgetting.FORGET, queue="nightly", of_commune=False)
def forget(*, commune: None) -> None:
    """Begin the night's run of what no list is made of."""
    forgetting.forget_everywhere()


@jobs.task(forgetting.FORGET_BATCH, queue="nightly")
def forget_batch(*, commune: UUID, kind: str) -> None:
    """Erase one batch of one kind."""
    forgetting.forget_batch(commune, kind)


@jobs.task("dossiers.warn", of_commune=False)
def warn(*, commune: None) -> None:
    """Tell people whose time runs out, once per half-day."""
    warning.warn_all()


@jobs.task("dossiers.follow_calendars", of_commune=False)
def follow_calendars(*, commune: None) -> None:
    """Compare running promises with calendars published since."""
    following_calendar.follow_calendars()


for _name in ("warn", "follow_calendars"):
    jobs.every(f"dossiers.{_name}", "*/10 * * * *")
jobs.every(forgetting.FORGET, "20 3 * * *")
