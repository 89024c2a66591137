"""Background work of the room."""

from uuid import UUID

from xaso.kernel.jobs import actions as jobs
from xaso.reports.actions import closing, partners, reception, telling_followers


@jobs.task("reports.close_what_is_over", of_commune=False)
def close_what_is_over(*, commune: None) -> None:
    """Close answered reports whose window to object is over."""
    closing.close_what_is_over()


@jobs.task("reports.fetch_media", queue="slow", retries=2)
def fetch_media(*, commune: UUID, media: int) -> None:
    """Fetch a photo from the address a partner sent."""
    partners.fetch_media(commune, media)


@jobs.task("reports.tell_followers")
def tell_followers(*, commune: UUID, report: int, seq: int) -> None:
    """Tell the followers of a report of one step."""
    telling_followers.tell(commune, report, seq)


jobs.every("reports.close_what_is_over", "*/10 * * * *")


@jobs.task("reports.ask_for_tip")
def ask_for_tip(*, commune: UUID, report: int) -> None:
    """Tell the leaders that the police have not taken a tip in time."""
    reception.ask_for_tip(report)
