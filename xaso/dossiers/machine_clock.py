"""Whether the clock of a counter machine may say when a dossier was received.

Rule of the house: the machine compared its clock with ours within 24 hours before, and was off by
less than five minutes, then and again when it sends. Otherwise the moment of sending counts. The
machine keeps a token of ours from the comparison, so that it cannot make one up.
"""

from datetime import datetime, timedelta

from django.core import signing

from xaso.kernel.working_time import clock

_SALT = "dossiers.machine_clock"
HOLDS = timedelta(hours=24)
DRIFT = timedelta(minutes=5)


def token(kid: str) -> str:
    """Return our time, signed, for a machine to keep beside its own."""
    return signing.dumps([kid, clock.now().isoformat()], salt=_SALT)


def is_trusted(said: str, *, kid: str, compared_at: datetime, taken_at: datetime) -> bool:
    """Return whether the comparison a machine kept vouches for the moment it noted.

    `compared_at`: what the machine's own clock said when it got the token.
    """
    try:
        whose, at = signing.loads(said, salt=_SALT)
        ours = datetime.fromisoformat(at)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    is_near = abs(ours - compared_at) < DRIFT
    return whose == kid and is_near and timedelta() <= taken_at - compared_at <= HOLDS
