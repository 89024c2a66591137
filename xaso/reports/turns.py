"""How often somebody may send: by device first, because a whole school shares one address."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.actions import Bucket
from xaso.kernel.refusals import TooMany

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
PER_DEVICE, PER_DEVICE_A_DAY = 10, 30
WITHOUT_DEVICE = 3  # an hour go straight in, the rest waits for a look
PER_ADDRESS_HELD, PER_ADDRESS = 200, 1_200
WRONG_FACTORS, WRONG_FACTORS_OF_ADDRESS = 5, 30
LINKS_OF_ADDRESS = 300
JOINS_OF_DEVICE, JOINS_OF_ADDRESS = 20, 200


def take(device: str, address: str, commune: UUID, *, is_hazard: bool = False) -> bool:
    """Count one sending; return whether it must wait for a look.

    Refuses with TooMany; a hazard is never refused, however often it comes.
    """
    try:
        return _counted(device, address, commune)
    except TooMany:
        if is_hazard:
            return True
        raise


def _counted(device: str, address: str, commune: UUID) -> bool:
    """Count in every bucket of the sender at once: whoever is known fills their own first."""
    near = prefix(address)
    buckets = [Bucket(f"reports.address:{near}", PER_ADDRESS, _HOUR)]
    if device:
        buckets += [
            Bucket(f"reports.device:{device}", PER_DEVICE, _HOUR),
            Bucket(f"reports.device_day:{device}", PER_DEVICE_A_DAY, _DAY),
        ]
        look = Bucket(f"reports.held:{near}", PER_ADDRESS_HELD, _HOUR)
    else:
        look = Bucket(f"reports.no_device:{near}", WITHOUT_DEVICE, _HOUR)
    took = identity.fill([*buckets, look], commune=commune)
    if took < len(buckets):
        raise TooMany(retry_after=identity.wait(buckets[took], commune=commune))
    return took == len(buckets)


def try_factor(code: str, address: str, commune: UUID) -> None:
    """Count one try of a second factor. Refuses with TooMany."""
    identity.take(f"reports.factor:{code}", limit=WRONG_FACTORS, per=_HOUR, commune=commune)
    near = f"reports.factor_of:{prefix(address)}"
    identity.take(near, limit=WRONG_FACTORS_OF_ADDRESS, per=_HOUR, commune=commune)


def forget_factor(code: str, commune: UUID) -> None:
    """Forget the tries of a code once the right factor was given."""
    identity.forget(f"reports.factor:{code}", commune=commune)


def prefix(address: str) -> str:
    """Return what stands for an address: itself, or the /56 a home gets in IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(IPv6Address(int(known) >> 72 << 72))
    return str(known)


def try_link(address: str, commune: UUID) -> None:
    """Count one opening of a body's link, so that nobody tries secrets. Refuses with TooMany."""
    key = f"reports.link:{prefix(address)}"
    identity.take(key, limit=LINKS_OF_ADDRESS, per=_HOUR, commune=commune)


def join(device: str, address: str, commune: UUID) -> None:
    """Count one "I saw the same", by device and by address. Refuses with TooMany."""
    buckets = [Bucket(f"reports.join:{prefix(address)}", JOINS_OF_ADDRESS, _HOUR)]
    if device:
        buckets.insert(0, Bucket(f"reports.join_device:{device}", JOINS_OF_DEVICE, _HOUR))
    took = identity.fill(buckets, commune=commune)
    if took < len(buckets):
        raise TooMany(retry_after=identity.wait(buckets[took], commune=commune))
