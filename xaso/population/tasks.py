"""Background work of the room."""

from xaso.kernel.jobs import actions as jobs
from xaso.population.actions import cases


@jobs.task("population.look_for_duplicates", queue="nightly", of_commune=False)
def look_for_duplicates(*, commune: None) -> None:
    """Look for records that may be one person, in every commune; decide nothing."""
    cases.sweep_all()


jobs.every("population.look_for_duplicates", "10 1 * * *")
