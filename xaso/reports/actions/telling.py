"""Whom a step is told to, and over what: code and state, never anybody's words, names or places."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Q

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official, Unit
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.reports.models import Report, ReportEvent, RoutingTrace, Severity

# What the sender is told, by the text that says it.
_TO_SENDER = {
    "accept": "accepted",
    "ask_info": "asked",
    "forward": "forwarded",
    "extend": "extended",
    "answer": "answered",
    "relay_answer": "answered",
    "reject": "rejected",
    "reopen": "reopened",
    "mark_duplicate": "merged",
}
# What the official in charge is told.
_TO_OFFICIAL = {
    "accept": "assigned",
    "assign": "assigned",
    "give_info": "replied",
    "reopen": "back",
    "object": "back",
}


def tell(report: Report, line: ReportEvent) -> None:
    """Tell the sender and the official in charge, once per event; a hazard goes to all at once."""
    if line.kind in _TO_SENDER:
        _send(report, line, _TO_SENDER[line.kind], list(_sender(report)))
    acted = line.actor_id if line.actor_kind == "official" else ""
    is_someone_else = report.assignee_id and str(report.assignee_id) != acted
    if line.kind in _TO_OFFICIAL and is_someone_else:
        people = list(Official.objects.filter(pk=report.assignee_id or 0))
        _send(report, line, _TO_OFFICIAL[line.kind], [*_officials(people)])
    if line.kind == "receive" and report.severity == Severity.HAZARD:
        on_duty = identity.members(report.commune_id, permission="reports.work")
        _send(report, line, "hazard", [*_officials(on_duty)])


def tell_also(report: Report, trace: RoutingTrace) -> None:
    """Tell those whom the deciding rule names beside the unit: heads of units, and people."""
    wanted = [str(each).partition(":") for each in trace.facts.get("tell", ())]
    units = [int(key) for kind, _colon, key in wanted if kind == "unit"]
    people = [int(key) for kind, _colon, key in wanted if kind == "person"]
    if not units and not people:
        return
    heads = Unit.objects.filter(commune=report.commune_id, pk__in=units).values("head")
    named = Official.objects.filter(Q(pk__in=people) | Q(pk__in=heads), is_active=True)
    line = ReportEvent.objects.filter(report=report).order_by("-seq").first()
    if line is not None:
        _send(report, line, "routed", [*_officials(named)])


def _send(report: Report, line: ReportEvent, what: str, to: list[Recipient]) -> None:
    if not to:
        return
    commune = Commune.objects.get(pk=report.commune_id)
    address = f"https://{commune.host}/t/{report.code}" if commune.host else ""
    notifications.tell(
        f"reports.{what}",
        subject=report,
        commune=report.commune_id,
        recipients=to,
        context={
            "code": spoken_code.grouped(report.code),
            "due": report.due_at,
            "commune": commune.full_name,
            "phone": commune.phone,
            "address": address,
        },
        key=f"{report.code}/{line.seq}",
        is_urgent=what == "hazard",
    )


def _sender(report: Report) -> Iterator[Recipient]:
    """Return how the sender can be reached: e-mail, else the phone by a channel there is."""
    who = report.reporter
    if who is None:
        return
    if who.email and "email" in settings.XASO_CHANNELS:
        yield Recipient(f"reporter:{who.pk}", "email", who.email)
    elif who.phone:
        for channel in ("zalo", "sms", "demo"):
            if channel in settings.XASO_CHANNELS:
                yield Recipient(f"reporter:{who.pk}", channel, who.phone)
                return


def _officials(people: Iterable[Official]) -> Iterator[Recipient]:
    """Return how officials can be reached."""
    for person in people:
        if person.email and "email" in settings.XASO_CHANNELS:
            yield Recipient(f"official:{person.pk}", "email", person.email)
        elif "demo" in settings.XASO_CHANNELS:
            yield Recipient(f"official:{person.pk}", "demo", person.username)
