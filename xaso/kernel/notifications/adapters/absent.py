"""A channel that this installation has not been given."""

from xaso.kernel.notifications.letters import Letter, Undeliverable


def send(letter: Letter) -> None:
    """Say that nothing can be sent this way."""
    raise Undeliverable("no server is configured for this channel")
