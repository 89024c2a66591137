"""Whoever knocks at a gateway's door without its secret: written down so often, then turned away.

Who knows the secret is never counted: a flood of strangers must not stop a text about danger, not
even one that comes through the same proxy as theirs.
"""

from datetime import timedelta
from uuid import UUID

from xaso.kernel.identity import actions as tries
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import TooMany

OF_ADDRESS, OF_DOOR = 30, 300  # an hour
_HOUR = timedelta(hours=1)


def turn_away(commune: UUID, channel: str, address: str) -> None:
    """Count a call without the secret. Refuses with TooMany when there were too many lately.

    Beyond that nothing is written any more, wherever the calls come from.
    """
    near = identity.prefix(address)
    buckets = [
        tries.Bucket(f"notifications.strangers:{channel}:{near}", OF_ADDRESS, _HOUR),
        tries.Bucket(f"notifications.strangers:{channel}", OF_DOOR, _HOUR),
    ]
    took = tries.fill(buckets, commune=commune)
    if took < len(buckets):
        raise TooMany(retry_after=tries.wait(buckets[took], commune=commune))
