"""The twin that fails: a channel whose other side is down."""

from xaso.kernel.notifications.letters import Letter


def send(letter: Letter) -> None:
    """Fail as a line that is down does."""
    raise ConnectionRefusedError(f"{letter.address} cannot be reached")
