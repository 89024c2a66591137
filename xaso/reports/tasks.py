"""Background work of the room."""

from uuid import UUID

from xaso.kernel.jobs import actions as jobs
from xaso.reports.actions import (
    alarming,
    chasing,
    closing,
    following_calendar,
    forgetting,
    partners,
    reception,
    telling_followers,
    waiting,
    warning,
)

EVERY_TEN_MINUTES = "*/10 * * * *"
AT_NIGHT = "40 2 * * *"


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


@jobs.task("reports.ask_for_tip")
def ask_for_tip(*, commune: UUID, report: int) -> None:
    """Tell the leaders that the police have not taken a tip in time."""
    reception.ask_for_tip(report)


@jobs.task("reports.warn", of_commune=False)
def warn(*, commune: None) -> None:
    """Tell people whose time runs out, once per half-day."""
    warning.warn_all()


@jobs.task("reports.warn_of_requests", of_commune=False)
def warn_of_requests(*, commune: None) -> None:
    """Tell the leaders of requests about data that are nearly late."""
    warning.warn_of_requests_all()


@jobs.task("reports.remind", of_commune=False)
def remind(*, commune: None) -> None:
    """Remind senders of questions they did not answer."""
    waiting.remind_all()


@jobs.task("reports.chase", of_commune=False)
def chase(*, commune: None) -> None:
    """Chase outside bodies that are silent, and take back what they let lie."""
    chasing.chase_all()


@jobs.task("reports.follow_calendar")
def follow_calendar(*, commune: UUID) -> None:
    """Compare a commune's open promises with the calendar it just published."""
    following_calendar.follow_calendar(commune)


@jobs.task("reports.follow_calendars", of_commune=False)
def follow_calendars(*, commune: None) -> None:
    """Look for calendars that no promise was compared with yet."""
    following_calendar.follow_calendars()


for _name in (
    "close_what_is_over",
    "warn",
    "warn_of_requests",
    "remind",
    "chase",
    "follow_calendars",
):
    jobs.every(f"reports.{_name}", EVERY_TEN_MINUTES)


@jobs.task("reports.call_again", queue="critical")
def call_again(*, commune: UUID, alarm: int) -> None:
    """Call the next official of an alarm nobody took."""
    alarming.call_again(alarm)


@jobs.task("reports.forget", queue="nightly", of_commune=False)
def forget(*, commune: None) -> None:
    """Begin the night's run of retention."""
    forgetting.forget_everywhere()


@jobs.task("reports.forget_batch", queue="nightly")
def forget_batch(*, commune: UUID, step: str) -> None:
    """Erase one batch of one step."""
    forgetting.forget_batch(commune, step)


jobs.every("reports.forget", AT_NIGHT)
