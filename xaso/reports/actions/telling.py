"""Whom a step is told to, and over what: code and state, never anybody's words, names or places."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications import queries as channels
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.reports import contacts, invitations, readers, rota
from xaso.reports.actions import reaching
from xaso.reports.models import (
    Follower,
    Report,
    ReportEvent,
)
from xaso.reports.people import Person

# What the sender is told, by the text that says it.
TO_SENDER = {
    "receive": "received",
    "accept": "accepted",
    "ask_info": "asked",
    "forward": "forwarded",
    "extend": "extended",
    "answer": "answered",
    "relay_answer": "answered",
    "reject": "rejected",
    "reopen": "reopened",
    "mark_duplicate": "merged",
    "give_up_waiting": "rejected",
    "remind": "reminded",
    "follow_calendar": "moved",
    "close": "closed",  # by the end of the window; who closed it themselves knows
    "review": "reviewed",
    "check": "reviewed",
}
_URGENT = (
    "hazard",
    "drill",
    "hazard_text",
    "drill_text",
    "text_taken",
    "text_late",
    "tip",
    "tip_waits",
)
# What nobody is rung up for: whoever took the report told them the code and the date.
_NO_CALL = {"received", "closed", "merged"}
_ONLY_CALLED = {"call", "none"}
# What the official in charge is told.
_TO_OFFICIAL = {
    "accept": "assigned",
    "assign": "assigned",
    "give_info": "replied",
    "add_info": "replied",
    "reopen": "back",
    "object": "back",
    "body_reply": "body_replied",
    "take_back": "taken_back",
}


def tell(report: Report, line: ReportEvent) -> None:
    """Tell the sender and the official in charge, once per event; a hazard goes to all at once."""
    is_known = line.kind == "close" and line.actor_kind != "system"
    if line.kind in TO_SENDER and not is_known:
        what = TO_SENDER[line.kind]
        send(report, line, what, list(_sender(report, what)))
        _put_off_followers(report, line)
    acted = line.actor_id if line.actor_kind == "official" else ""
    is_someone_else = report.assignee_id and str(report.assignee_id) != acted
    if line.kind in _TO_OFFICIAL and is_someone_else:
        people = list(Official.objects.filter(pk=report.assignee_id or 0))
        send(report, line, _TO_OFFICIAL[line.kind], [*officials(people)])


def tell_readers(report: Report, what: str) -> None:
    """Tell those who may read a sealed report that it is there: its code, and nothing else.

    When it is about everybody who could read it, the administrators are told to bring in a reader.
    """
    people = readers.people_of(report)
    if not people:
        what, people = "sealed_alone", _administrators(report)
    tell_people(report, what, people)


def _administrators(report: Report) -> list[Official]:
    return list(identity.members(report.commune_id, permission="identity.manage"))


def tell_leaders(report: Report, what: str) -> None:
    """Tell the leaders, at once."""
    tell_people(report, what, identity.members(report.commune_id, permission="reports.approve"))


def tell_people(report: Report, what: str, people: Iterable[Official], again: str = "") -> None:
    """Tell officials about a report, each of them once for this matter (and each `again`)."""
    send(report, ReportEvent(kind=again), what, [*officials(people)])


def tell_person(of: Person, what: str, again: str = "") -> None:
    """Tell a sender or follower something that is no step of the report; once per `again`."""
    if of.reporter is not None:
        ways = list(reaching.ways(of.reporter, of.key, of.report.device_hash))
        send(of.report, ReportEvent(kind=again), what, ways, code=of.code)


def text_duty(report: Report, what: str, people: Iterable[Official], again: str = "") -> None:
    """Text those on duty on the number the roster names; answering "1" takes the alarm."""
    if "sms" not in channels.open_channels(report.commune_id):
        return
    wanted = {person.pk for person in people}
    to = [
        Recipient(f"official:{each.official.pk}", "sms", each.phone)
        for each in rota.on_duty(report.commune_id, report.received_at)
        if each.phone and each.official.pk in wanted
    ]
    send(report, ReportEvent(kind=again), f"{what}_text", to)


def tell_task(report: Report, person: Official) -> None:
    """Tell an official that something after an answer waits for them."""
    last = ReportEvent.objects.filter(report=report).order_by("-seq").first()
    if last is not None:
        send(report, last, "task", [*officials([person])])


def send(
    report: Report, line: ReportEvent, what: str, to: list[Recipient], *, code: str = ""
) -> None:
    """Tell somebody of a step by the code they follow with; an answer's link lets them rate it."""
    if not to:
        return
    code = code or report.code
    commune = Commune.objects.get(pk=report.commune_id)
    address = contacts.short(commune, code)
    if what == "answered" and report.answer_id:
        address += f"/{invitations.token(code, report.answer_id)}"
    notifications.tell(
        f"reports.{what}",
        subject=report,
        commune=report.commune_id,
        recipients=to,
        context={
            "code": spoken_code.grouped(code),
            "due": report.due_at,
            "commune": commune.full_name,
            "phone": commune.phone,
            "address": address,
            "unit": str(report.unit or "") if what == "accepted" else "",
            "not_mine": contacts.not_mine(commune, report) if _is_sender(to) else "",
        },
        key=f"{report.code}/{line.seq}" if line.pk else f"{report.code}/{what}{line.kind}",
        is_urgent=what in _URGENT,
    )


def _is_sender(to: list[Recipient]) -> bool:
    """Return whether this goes to the sender, in a text that has room for one more link."""
    return to[0].id.startswith("reporter:") and to[0].channel == "email"


def _put_off_followers(report: Report, line: ReportEvent) -> None:
    """Tell the followers after the commit, however many they are; a new report has none."""
    if (
        line.kind == "receive"
        or not Follower.objects.filter(report=report, reporter__isnull=False).exists()
    ):
        return
    jobs.later(
        "reports.tell_followers",
        commune=report.commune_id,
        key=f"{report.pk}/{line.seq}",
        args={"report": report.pk, "seq": line.seq},
    )


def _sender(report: Report, what: str) -> Iterator[Recipient]:
    """Return how the sender wants to be reached, if at all for this."""
    who = report.reporter
    if who is None or (what in _NO_CALL and who.preferred in _ONLY_CALLED):
        return
    for way in reaching.ways(who, f"reporter:{who.pk}", report.device_hash):
        if not (what in _NO_CALL and way.channel == "call"):
            yield way


def officials(people: Iterable[Official]) -> Iterator[Recipient]:
    """Return how officials can be reached."""
    for person in people:
        if person.email and "email" in settings.XASO_CHANNELS:
            yield Recipient(f"official:{person.pk}", "email", person.email)
        elif "demo" in settings.XASO_CHANNELS:
            yield Recipient(f"official:{person.pk}", "demo", person.username)
