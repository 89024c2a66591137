"""The room's own background work."""

from xaso.kernel.jobs import actions


@actions.task("jobs.clear_old", queue="nightly", of_commune=False)
def clear_old(*, commune: None) -> None:
    """Forget jobs that were done long ago."""
    actions.clear_old()


actions.every("jobs.clear_old", "30 2 * * *")
