"""A follower's phone gets a code before it gets any notice: anybody can type anybody's number."""

from datetime import timedelta
from hmac import compare_digest
from secrets import randbelow

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications import queries as channels
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal, TooMany
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import contacts, rulebook
from xaso.reports.actions import reaching
from xaso.reports.models import Follower, Reporter

DIGITS = 6
MOST_TRIES, MOST_SENT = 5, 3
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_A_HOUR, _A_DAY = 3, 6  # codes to one number, whoever asks


class WrongCode(Refusal):
    """Those are not the digits that were sent."""

    sentence = _("Mã chưa đúng. Bà con xem lại tin nhắn.")
    status = 422


class CodeIsOver(Refusal):
    """The code is too old, was tried too often, or was sent often enough."""

    sentence = _("Mã này hết dùng được. Bà con bấm gửi lại mã.")


class SentEnough(Refusal):
    """The same follower asked for the code too often."""

    sentence = _("Xã đã gửi mã 3 lần mà chưa được. Bà con xem tin ở trang này, hoặc gọi cho xã.")


def needs_code(who: Reporter | None) -> bool:
    """Return whether a number somebody typed has to be proved before it is told anything.

    Only a way by which a machine writes can carry a code. Where the commune only calls, the
    official asks whom they speak to.
    """
    return who is not None and _way(who) is not None


def send_code(follower: Follower, *, by: Actor) -> None:
    """Send a new code to a locked follower's phone; the one before is worth nothing any more.

    Refuses with SentEnough, and with TooMany for a number that got several lately.
    """
    who = follower.reporter
    way = _way(who) if who is not None else None
    if who is None or way is None:
        return
    if follower.check_sent >= MOST_SENT:
        raise SentEnough
    number = blind(way[1], context="reports.phone")
    for name, limit, per in (("hour", _A_HOUR, _HOUR), ("day", _A_DAY, _DAY)):
        key = f"reports.follow_code.{name}:{number}"
        identity.take(key, limit=limit, per=per, commune=follower.commune_id)
    digits = f"{randbelow(10**DIGITS):0{DIGITS}}"
    minutes = rulebook.of(follower.commune_id).amount("privacy.code")
    follower.check_hash = _digest(follower, digits)
    follower.check_until = clock.now() + timedelta(minutes=minutes)
    follower.check_sent += 1
    follower.save(update_fields=["check_hash", "check_until", "check_sent"])
    _tell(follower, digits, way)
    audit.record("reports.follow_code", follower, by=by, commune=follower.commune_id)


@transaction.atomic
def send_code_again(follower: Follower, *, by: Actor) -> Follower:
    """Send another code while none was confirmed. Refuses as `send_code`."""
    found = _locked(follower)
    if found.confirmed_at is None:
        send_code(found, by=by)
    return found


def confirm(follower: Follower, digits: str, *, by: Actor) -> Follower:
    """Take the code somebody read on their phone: from now on it is told.

    Refuses with WrongCode and CodeIsOver; a wrong try counts although it is refused.
    """
    sent = Follower.objects.values_list("check_sent", flat=True).get(pk=follower.pk)
    try:
        key = f"reports.follow_try:{follower.pk}:{sent}"
        identity.take(key, limit=MOST_TRIES, per=_DAY, commune=follower.commune_id)
    except TooMany as refusal:
        raise CodeIsOver from refusal
    with transaction.atomic():
        found = _locked(follower)
        if found.confirmed_at is not None:
            return found
        is_over = found.check_until is None or clock.now() > found.check_until
        if is_over or not found.check_hash:
            raise CodeIsOver
        if not compare_digest(found.check_hash, _digest(found, digits.strip())):
            raise WrongCode
        return _confirmed(found, by)


def _confirmed(found: Follower, by: Actor) -> Follower:
    found.confirmed_at, found.check_hash, found.check_until = clock.now(), "", None
    found.save(update_fields=["confirmed_at", "check_hash", "check_until"])
    who = found.reporter
    if who is not None:
        who.verified_at = found.confirmed_at
        way = _way(who)
        if who.preferred == "call" and way is not None:
            who.preferred = way[0]  # they read what a machine wrote: nobody has to ring them up
        who.save(update_fields=["verified_at", "preferred"])
    audit.record("reports.follow_confirmed", found, by=by, commune=found.commune_id)
    return found


def _locked(follower: Follower) -> Follower:
    rows = Follower.objects.select_for_update(of=("self",)).select_related("reporter", "report")
    return rows.get(pk=follower.pk)


def _way(who: Reporter) -> tuple[str, str] | None:
    """Return the channel and address a code goes to, if there is one a machine writes on."""
    now_open = channels.open_channels(who.commune_id)
    chosen = next(iter(reaching.ways(who, "x")), None)
    if chosen is None or chosen.channel == "push":
        return None  # the browser itself agreed
    for channel in ("zalo", "sms") if chosen.channel == "zalo" else ("sms", "zalo"):
        if channel in now_open and who.phone:
            return channel, str(who.phone)
    return ("email", str(who.email)) if "email" in now_open and who.email else None


def _digest(follower: Follower, digits: str) -> str:
    return blind(digits, context=f"reports.follow_check.{follower.pk}")


def _tell(follower: Follower, digits: str, way: tuple[str, str]) -> None:
    commune = Commune.objects.get(pk=follower.commune_id)
    notifications.tell(
        "reports.follow_code",
        subject=follower,
        commune=follower.commune_id,
        recipients=[Recipient(f"follower:{follower.pk}", *way)],
        context={
            "code": spoken_code.grouped(follower.own_code),
            "digits": digits,
            "commune": commune.full_name,
            "address": contacts.short(commune, follower.own_code),
        },
        key=f"{follower.own_code}/code{follower.check_sent}",
        is_urgent=True,  # somebody waits for it at this very moment
    )
