"""The demo's channel: the administrator's page shows what would have been sent."""

from xaso.kernel.notifications.letters import Letter


def send(letter: Letter) -> None:
    """Do nothing: the outbox itself is what the page shows."""
