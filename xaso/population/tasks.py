"""Background work of the room: lists of people a part at a time, duplicates every night."""

from uuid import UUID

from xaso.kernel.jobs import actions as jobs
from xaso.population.actions import (
    cases,
    figures,
    importing,
    importing_comparing,
    importing_forgetting,
    importing_reading,
    importing_undoing,
    importing_writing,
    reminding,
    ruling,
    watching,
)


@jobs.task(importing.READ, queue="slow", retries=3)
def read_list(*, commune: UUID, batch: str) -> None:
    """Read a list's file."""
    importing_reading.read_list(UUID(batch))


@jobs.task(importing.COMPARE, retries=3)
def compare_list(*, commune: UUID, batch: str) -> None:
    """Understand and compare some rows of a list."""
    importing_comparing.compare_list(UUID(batch))


@jobs.task(importing.WRITE, retries=3)
def write_list(*, commune: UUID, batch: str) -> None:
    """Write some rows of a list into the register."""
    importing_writing.write_list(UUID(batch))


@jobs.task(importing.UNDO, retries=3)
def undo_list(*, commune: UUID, batch: str) -> None:
    """Take some rows of a list back."""
    importing_undoing.undo_part(UUID(batch))


@jobs.task("population.forget_lists", queue="nightly", retries=3, of_commune=False)
def forget_lists(*, commune: None) -> None:
    """Forget what old lists said."""
    importing_forgetting.forget_lists()


jobs.every("population.forget_lists", "20 2 * * *")


@jobs.task("population.look_for_duplicates", queue="nightly", of_commune=False)
def look_for_duplicates(*, commune: None) -> None:
    """Look for records that may be one person, in every commune; decide nothing."""
    cases.sweep_all()


jobs.every("population.look_for_duplicates", "10 1 * * *")


@jobs.task("population.publish_figures", queue="nightly", of_commune=False)
def publish_figures(*, commune: None) -> None:
    """Make the tables of the month in every commune, once."""
    figures.publish_all()


jobs.every("population.publish_figures", "40 1 1 * *")


@jobs.task(ruling.SOUND_AGAIN, queue="slow", retries=3)
def sound_again(*, commune: UUID) -> None:
    """Reckon the classes of names again after the administrator changed them."""
    ruling.sound_again(commune)


@jobs.task("population.look_over", queue="slow", of_commune=False)
def look_over(*, commune: None) -> None:
    """Find odd looks at records, in every commune."""
    watching.look_over_all()


jobs.every("population.look_over", "7 * * * *")


@jobs.task("population.warn", of_commune=False)
def warn(*, commune: None) -> None:
    """Warn before a resident's request about their data is late."""
    reminding.warn_all()


jobs.every("population.warn", "*/30 * * * *")
