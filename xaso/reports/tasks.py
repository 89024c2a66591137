"""Background work of the room."""

from xaso.kernel.jobs import actions as jobs
from xaso.reports.actions import closing


@jobs.task("reports.close_what_is_over", of_commune=False)
def close_what_is_over(*, commune: None) -> None:
    """Close answered reports whose window to object is over."""
    closing.close_what_is_over()


jobs.every("reports.close_what_is_over", "*/10 * * * *")
