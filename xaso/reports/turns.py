"""How often somebody may send: by device first, because a whole school shares one address.

The limits are dated rows an administrator may change (`throttle.*` of the rules). Over a soft one
the report is taken and waits for a look; over a hard one the sender is told when to come again, and
the phone keeps it. A hazard is never refused.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.actions import Bucket
from xaso.kernel.identity.queries import prefix
from xaso.kernel.refusals import TooMany
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import phone
from xaso.reports import rulebook
from xaso.reports.models import Reporter

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
WRONG_FACTORS, WRONG_FACTORS_OF_ADDRESS = 5, 30
LINKS_OF_ADDRESS = 300
JOINS_OF_DEVICE, JOINS_OF_ADDRESS = 20, 200


@dataclass(frozen=True)
class Sender:
    """Who sends, as far as it is known: digest of the device, address, the phone as typed in full.

    The phone counts only when it was verified before: else anybody could use up another's turns.
    """

    device: str
    address: str
    phone: str = ""


def take(sender: Sender, commune: UUID, *, is_hazard: bool = False) -> bool:
    """Count one sending; return whether it must wait for a look.

    Refuses with TooMany; a hazard is never refused, however often it comes.
    """
    try:
        return _counted(sender, commune)
    except TooMany:
        if is_hazard:
            return True
        raise


def take_of_staff(person: int, commune: UUID) -> bool:
    """Count one sending of a helper or an official; return whether it was the last one today.

    Refuses with TooMany. Whoever leads is told when the last one was used, not at each refusal.
    """
    limit = rulebook.of(commune).amount("throttle.staff_day")
    bucket = Bucket(f"reports.staff:{person}", limit, _DAY)
    if not identity.fill([bucket], commune=commune):
        raise TooMany(retry_after=identity.wait(bucket, commune=commune))
    held = identity.level(bucket.key, limit=limit, per=_DAY, commune=commune)
    if held + 1 <= limit:
        return False
    told = Bucket(f"reports.staff_told:{person}", 1, _DAY)
    return identity.fill([told], commune=commune) == 1


def _counted(sender: Sender, commune: UUID) -> bool:
    """Count in every bucket of the sender at once: whoever is known fills their own first."""
    near = prefix(sender.address)
    rules = rulebook.of(commune)

    def bucket(who: str, rule: str, per: timedelta) -> Bucket:
        return Bucket(f"reports.{who}", rules.amount(f"throttle.{rule}"), per)

    buckets = [bucket(f"address:{near}", "address_hour", _HOUR)]
    if sender.device:
        buckets += [
            bucket(f"device:{sender.device}", "device_hour", _HOUR),
            bucket(f"device_day:{sender.device}", "device_day", _DAY),
        ]
    if index := verified(sender.phone, commune):
        buckets += [
            bucket(f"phone:{index}", "phone_hour", _HOUR),
            bucket(f"phone_day:{index}", "phone_day", _DAY),
        ]
    if sender.device or index:
        look = bucket(f"held:{near}", "shared_hour", _HOUR)
    else:
        look = bucket(f"no_device:{near}", "unknown_hour", _HOUR)
    took = identity.fill([*buckets, look], commune=commune)
    if took < len(buckets):
        raise TooMany(retry_after=identity.wait(buckets[took], commune=commune))
    return took == len(buckets)


def verified(number: str, commune: UUID) -> str:
    """Return the index of a phone that was verified in this commune, else nothing."""
    try:
        stored = phone.normalise(number) if number.strip() else ""
    except ValueError:
        return ""
    if not stored:
        return ""
    index = blind(stored, context="reports.phone")
    rows = Reporter.objects.filter(commune=commune, phone_index=index, verified_at__isnull=False)
    return index if rows.exists() else ""


def try_factor(code: str, address: str, commune: UUID) -> None:
    """Count one try of a second factor. Refuses with TooMany."""
    identity.take(f"reports.factor:{code}", limit=WRONG_FACTORS, per=_HOUR, commune=commune)
    near = f"reports.factor_of:{prefix(address)}"
    identity.take(near, limit=WRONG_FACTORS_OF_ADDRESS, per=_HOUR, commune=commune)


def forget_factor(code: str, commune: UUID) -> None:
    """Forget the tries of a code once the right factor was given."""
    identity.forget(f"reports.factor:{code}", commune=commune)


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
