"""Two invented rounds to the villages: one is over, one is announced for next week."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import uuid5

from xaso.demo.towns import Town
from xaso.dossiers import actions, proactive
from xaso.dossiers.models import Dossier, Round
from xaso.kernel.places.models import Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.population.actions import consents
from xaso.population.models import ConsentRecord, Person

_PROCEDURES = ("1.001193", "1.004837")
_TAKEN = 4
_AGREED = 12  # people who agreed to the commune's texts


def travel(town: Town, until: datetime) -> int:
    """Plan both rounds, and let the first one happen; return how many dossiers it took."""
    with tenancy.inside(town.id):
        past, coming = _wednesday(until, -2), _wednesday(until, 1)
        with clock.at(past - timedelta(days=60)):
            _agree(town)
        taken = _taken(town, past)
        names = {each.pk: each for each in town.villages}
        there = list({names[each.village_id]: None for each in taken if each.village_id})
        first = _planned(town, "Nhận giấy tờ tận bản (mẫu)", past, there or town.villages[:2])
        with clock.at(past):
            actions.open_round(first, by=town.actor("motcua"))
        with clock.at(past + timedelta(hours=3)):
            if taken:
                codes = [each.code for each in taken]
                actions.add_to_round(first, codes, by=town.actor("motcua"))
            report = "Bà con đến đông đầu giờ. Kết quả trả lại ở bản sau hai tuần."
            actions.close_round(first, came=23, report=report, by=town.actor("motcua"))
        due = _where_due(town, coming) or town.villages[2:4]
        _planned(town, "Khai sinh, giám hộ tại bản (mẫu)", coming, due)
        return len(taken)


def _agree(town: Town) -> None:
    """Let some people agree to the commune's texts, on paper."""
    agreed = consents.Agreement(
        consents.purpose(town.commune, "notices"), "1", "Việt", ConsentRecord.Channel.PAPER
    )
    rows = Person.objects.filter(
        commune=town.id, contacts__kind="phone", status="active", village__isnull=False
    )
    for person in rows.distinct().order_by("sort_key", "pk")[:_AGREED]:
        consents.give_consent(person, agreed, by=town.actor("motcua"))


def _planned(town: Town, name: str, begins: datetime, villages: Sequence[Village]) -> Round:
    offered = actions.run_here(town.commune)
    plan = actions.Plan(
        uuid5(town.id, f"round {begins.isoformat()}"),
        name,
        f"Nhà văn hóa {villages[0].full_name}",
        begins,
        begins + timedelta(hours=3, minutes=30),
        [each.pk for each in villages],
        [town.officials[account].pk for account in ("motcua", "tiepdan")],
        [code for code in _PROCEDURES if code in offered],
        "Căn cước hoặc giấy tờ tùy thân, giấy chứng sinh nếu làm khai sinh.",
    )
    with clock.at(begins - timedelta(days=9)):
        row = actions.plan_round(plan, commune=town.commune, by=town.actor("motcua"))
        return actions.announce_round(row, by=town.actor("motcua"))


def _taken(town: Town, at: datetime) -> list[Dossier]:
    """Return the last dossiers that were accepted by then."""
    rows = Dossier.objects.filter(commune=town.id, is_mirror=False, accepted_at__lte=at)
    return list(rows.order_by("-accepted_at", "id")[:_TAKEN])


def _where_due(town: Town, at: datetime) -> list[Village]:
    """Return two villages where somebody is due for something then."""
    day = dates.local(at).date()
    found: dict[int | None, None] = {}
    for rule in proactive.rules(town.commune, day):
        if not rule.needs_flags:
            for each in proactive.due(town.commune, rule, day):
                found[each.person.village_id] = None
    names = {each.pk: each for each in town.villages}
    return [names[key] for key in found if key in names][:2]


def _wednesday(until: datetime, weeks: int) -> datetime:
    """Return eight o'clock of a Wednesday so many weeks away."""
    local = dates.local(until)
    day = local.date() + timedelta(days=2 - local.weekday(), weeks=weeks)
    return datetime.combine(day, time(8), dates.ZONE)
