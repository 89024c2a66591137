"""The room's background work."""

from xaso.kernel.identity import actions
from xaso.kernel.jobs import actions as jobs


@jobs.task("identity.reset_link", queue="critical", retries=3, of_commune=False)
def reset_link(*, commune: None, official: int) -> None:
    """Write the mail with the link that sets a new password."""
    actions.write_reset_link(official)


@jobs.task("identity.tidy", queue="nightly", retries=3, of_commune=False)
def tidy(*, commune: None) -> None:
    """Forget ended sessions and old tries."""
    actions.tidy_sign_ins()


jobs.every("identity.tidy", "40 2 * * *")
