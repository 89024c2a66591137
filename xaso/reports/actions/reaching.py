"""How a sender is reached: what they chose, as far as the commune has that way."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications import queries as channels
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.refusals import Invalid
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import phone
from xaso.kernel.working_time import clock
from xaso.reports.models import Follower, Report, Reporter
from xaso.reports.people import Person

CHOICES = ("sms", "zalo", "push", "call", "none")
# What is tried when the chosen way is not there; the last one is always there.
_INSTEAD = {
    "push": ("push", "sms", "call"),
    "zalo": ("zalo", "sms", "call"),
    "sms": ("sms", "zalo", "call"),
    "email": ("email", "call"),
    "none": (),
}
_WITHOUT_PEOPLE = ("zalo", "sms", "email")
_NEEDS_PHONE = {"sms", "zalo", "call"}


@dataclass(frozen=True)
class Wish:
    """How somebody wants to be told; the phone only when they give a new one."""

    choice: str
    phone: str = ""


def ways(who: Reporter, key: str, device: str = "") -> Iterator[Recipient]:
    """Return how somebody is reached: their choice, else what comes nearest, at last a call."""
    now_open = channels.open_channels(who.commune_id)
    for channel in _chain(who):
        address = _address(who, channel, device)
        if address and channel in now_open:
            may_call = channel != "call" and not who.is_anonymous
            fallback = who.phone if may_call else ""
            yield Recipient(key, channel, address, fallback=fallback)
            return


@transaction.atomic
def prefer(report: Report, wish: Wish, *, by: Actor) -> Reporter:
    """Keep how the sender wants to be told from now on; refuses with Invalid."""
    found = Report.objects.select_for_update().get(pk=report.pk)
    who = found.reporter or Reporter(commune_id=found.commune_id, created_at=clock.now())
    number = _number(wish.phone)
    if wish.choice not in CHOICES:
        raise Invalid(errors={"choice": [str(_("Bà con chọn một cách."))]})
    if wish.choice in _NEEDS_PHONE and not (number or who.phone):
        raise Invalid(errors={"phone": [str(_("Bà con ghi số điện thoại để xã báo."))]})
    who.preferred = wish.choice
    who.browser = (found.device_hash or who.browser) if wish.choice == "push" else ""
    if number:
        who.phone, who.phone_index = number, blind(number, context="reports.phone")
        who.phone_tail_index = blind(number[-4:], context="reports.phone_tail")
    who.save()
    if found.reporter_id is None:
        found.reporter = who
        found.save(update_fields=["reporter"])
    report.reporter = who
    changes = {"preferred": wish.choice, "phone": bool(number)}
    audit.record("reports.way_chosen", found, by=by, commune=found.commune_id, changes=changes)
    return who


@transaction.atomic
def tell_device(follower: Follower, *, is_on: bool, by: Actor) -> Follower:
    """Tell a follower on the device they joined from, or no more there; nobody else is told so."""
    found = Follower.objects.select_for_update().get(pk=follower.pk)
    who = found.reporter or Reporter(commune_id=found.commune_id, created_at=clock.now())
    who.preferred = "push" if is_on else without_push(who)
    who.browser = (found.device_hash or who.browser) if is_on else ""
    who.save()
    if found.reporter_id is None:
        found.reporter = who
        found.save(update_fields=["reporter"])
    changes = {"preferred": who.preferred}
    audit.record("reports.way_chosen", found, by=by, commune=found.commune_id, changes=changes)
    return found


def without_push(who: Reporter | None) -> str:
    """Return how somebody is told who switched messages on their device off."""
    return "sms" if who and who.phone else "none"


@transaction.atomic
def detach(report: Report, *, by: Actor) -> Report:
    """Forget whom a report tells: somebody says that it is not theirs. The report itself stays.

    What waits to be told to them stops; a second time changes nothing.
    """
    found = Report.objects.select_for_update().get(pk=report.pk)
    who = found.reporter
    if who is None or not (who.phone or who.email or who.zalo_user or who.name):
        return found
    who.name = who.phone = who.email = who.zalo_user = who.browser = ""
    who.phone_index = who.phone_tail_index = ""
    who.preferred = "none"
    who.save()
    notifications.forget_recipient(f"reporter:{who.pk}", subject=found, commune=found.commune_id)
    audit.record("reports.contact_detached", found, by=by, commune=found.commune_id)
    return found


@transaction.atomic
def detach_person(of: Person, *, by: Actor) -> None:
    """Forget whom a sender's or follower's code tells: the holder of that phone says so."""
    if of.follower is None:
        detach(of.report, by=by)
        return
    found = Follower.objects.select_for_update(of=("self",)).get(pk=of.follower.pk)
    who, found.reporter = of.reporter, None
    found.check_hash, found.check_until = "", None
    found.save(update_fields=["reporter", "check_hash", "check_until"])
    key = f"follower:{found.pk}"
    for subject in (of.report, found):
        notifications.forget_recipient(key, subject=subject, commune=found.commune_id)
    if who is not None and not _is_named(who):
        who.delete()
    audit.record("reports.contact_detached", found, by=by, commune=found.commune_id)


def _is_named(who: Reporter) -> bool:
    """Return whether a report or another follower still tells this person."""
    rows = Report.objects.filter(reporter=who), Follower.objects.filter(reporter=who)
    return any(each.exists() for each in rows)


def _chain(who: Reporter) -> tuple[str, ...]:
    """Return the ways to try; nobody rings up whoever hides from officials, the machine writes."""
    wanted = _INSTEAD.get(who.preferred, ("call", "email"))
    if not who.is_anonymous or not wanted:
        return wanted
    return (*(way for way in wanted if way != "call"), *_WITHOUT_PEOPLE)


def _address(who: Reporter, channel: str, device: str) -> str:
    if channel == "push":
        return next(
            (d for d in (device, who.browser) if channels.does_listen(d, who.commune_id)), ""
        )
    if channel == "email":
        return str(who.email)
    if channel == "zalo" and who.zalo_user:
        return f"user:{who.zalo_user}"
    return str(who.phone)


def _number(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return phone.normalise(text)
    except ValueError as error:
        said = str(_("Số điện thoại chưa đúng. Ví dụ: 0912 345 678."))
        raise Invalid(errors={"phone": [said]}) from error
