"""Messages leave after the commit; tokens are renewed before they end."""

from uuid import UUID

from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions
from xaso.kernel.places import queries as places


@jobs.task("notifications.send")
def send(*, commune: UUID, message: str) -> None:
    """Send one message of the outbox."""
    actions.send(UUID(message))


@jobs.task("notifications.look_after_tokens", of_commune=False, retries=1)
def look_after_tokens(*, commune: UUID | None = None) -> None:
    """Look after the tokens of each commune, each in its own transaction."""
    for each in places.communes():
        jobs.later("notifications.renew_tokens", commune=each.id, key="zalo")


@jobs.task("notifications.renew_tokens", retries=3)
def renew_tokens(*, commune: UUID) -> None:
    """Renew a commune's tokens when four fifths of their life are over."""
    actions.look_after(commune)


@jobs.task("notifications.forget_texts", of_commune=False, retries=1)
def forget_texts(*, commune: UUID | None = None) -> None:
    """Blank what people sent in long ago, in each commune."""
    for each in places.communes():
        jobs.later("notifications.forget_texts_of", commune=each.id, key="day")


@jobs.task("notifications.forget_texts_of", retries=3)
def forget_texts_of(*, commune: UUID) -> None:
    """Blank what people sent to a commune long ago."""
    actions.forget_texts(commune)


jobs.every("notifications.forget_texts", "41 3 * * *")
jobs.every("notifications.look_after_tokens", "23 * * * *")
