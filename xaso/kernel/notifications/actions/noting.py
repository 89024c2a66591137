"""How a channel does, noted on its account so that the administrator sees it."""

from datetime import timedelta

from xaso.kernel.notifications.models import Account
from xaso.kernel.working_time import clock

_OFTEN_ENOUGH = timedelta(minutes=1)


def note(account: Account, error: str) -> None:
    """Note the last success (once a minute at most) or the last failure of a channel.

    Only an account with a row of its own is noted.
    """
    if account.pk is None:
        return
    now = clock.now()
    row = Account.objects.filter(pk=account.pk)
    if error:
        row.update(last_error=error, last_error_at=now)
    elif account.last_ok_at is None or now - account.last_ok_at > _OFTEN_ENOUGH:
        row.update(last_ok_at=now)
