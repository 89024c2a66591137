"""What is forgotten at night."""

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.open_api import actions


@jobs.task("open_api.forget", queue="nightly", of_commune=False)
def forget(*, commune: None = None) -> None:
    """Forget answers that no client asks for again."""
    actions.forget()


jobs.every("open_api.forget", "40 2 * * *")
