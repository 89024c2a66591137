"""Messages leave after the commit."""

from uuid import UUID

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions


@jobs.task("notifications.send")
def send(*, commune: UUID, message: str) -> None:
    """Send one message of the outbox."""
    actions.send(UUID(message))
