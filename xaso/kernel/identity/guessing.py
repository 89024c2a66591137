"""What makes guessing slow, without shutting a whole commune out.

An account takes five wrong passwords in 15 minutes (django-axes keeps and locks them). An address
is never locked, because one mobile address may stand for a whole commune: after twenty wrong
tries each further one has to come a few seconds after its page was asked for, longer with every
try. Someone who types a name and a password does not notice; a program does.
"""

from collections.abc import Callable
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from xaso.kernel.identity import actions, queries
from xaso.kernel.identity.models import Official
from xaso.kernel.refusals import TooMany
from xaso.kernel.working_time import clock

BURST, BURST_PER = 5, timedelta(minutes=1)
FREE, ADDRESS_PER = 20, timedelta(minutes=15)  # wrong tries of an address without waiting
CODES, CODES_PER = 5, timedelta(minutes=15)
LONGEST_WAIT = 30.0  # seconds
_SALT = "identity.ticket"
_TICKET_LIFE = 3600
_MOST = 200  # what an address's bucket holds; more makes the wait no longer


def ticket() -> str:
    """Return the signed moment at which a sign-in page was asked for."""
    return signing.dumps(clock.now().timestamp(), salt=_SALT)


def before_password(request: HttpRequest, name: str, shown: str) -> None:
    """Refuse a try that comes too soon, before the password is looked at (TooMany).

    The count per account comes first and is exact, so that many tries sent at once do not all
    pass before the first of them is known to be wrong.
    """
    wait = _wait(request)
    if wait > 0:
        _wait_for(wait, shown)
    actions.take(f"password:{name}", limit=BURST, per=BURST_PER)


def wrong_password(request: HttpRequest) -> None:
    """Count a wrong try against its address."""
    try:
        actions.take(_address(request), limit=_MOST, per=ADDRESS_PER * _MOST / FREE)
    except TooMany:
        return  # full: the wait is at its longest already


def right_password(name: str) -> None:
    """Forget the account's tries."""
    actions.forget(f"password:{name}")


def code(official: Official, check: Callable[[], str]) -> str:
    """Check a second factor: five tries in 15 minutes, and no code twice.

    The same six digits are refused for two minutes, longer than they stay valid.
    """
    key = f"code:{official.pk}"
    try:
        actions.take(key, limit=CODES, per=CODES_PER)
        good = check()
        actions.take(f"used:{official.pk}:{good}", limit=1, per=timedelta(minutes=2))
    except TooMany as refusal:
        raise ValidationError(str(refusal), code=refusal.code) from refusal
    actions.forget(key)
    return good


def _wait_for(wait: float, shown: str) -> None:
    """Accept a ticket that is old enough, and each ticket once."""
    seconds = int(wait) + 1
    too_soon = actions.AddressIsSlow(retry_after=seconds, seconds=seconds)
    if _age(shown) < wait:
        raise too_soon
    try:
        actions.take(f"ticket:{shown}", limit=1, per=timedelta(seconds=_TICKET_LIFE))
    except TooMany as used:
        raise too_soon from used


def _address(request: HttpRequest) -> str:
    return f"address:{queries.prefix(queries.address(request))}"


def _wait(request: HttpRequest) -> float:
    """Return how many seconds old a page must be before its try is looked at."""
    tries = actions.level(_address(request), limit=_MOST, per=ADDRESS_PER * _MOST / FREE)
    return min(max(tries - FREE, 0.0), LONGEST_WAIT)


def _age(shown: str) -> float:
    """Return how old a ticket is in seconds; a missing, forged or stale one is brand new."""
    try:
        at = float(signing.loads(shown, salt=_SALT, max_age=_TICKET_LIFE))
    except (signing.BadSignature, TypeError, ValueError):
        return 0.0
    return clock.now().timestamp() - at
