"""Two invented rounds to the villages: one is over, one is announced for next week."""

from datetime import datetime, time, timedelta
from uuid import uuid5

from xaso.demo.towns import Town
from xaso.dossiers import actions
from xaso.dossiers.models import Dossier, Round
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

_PROCEDURES = ("1.001193", "1.004837")
_TAKEN = 4


def travel(town: Town, until: datetime) -> int:
    """Plan both rounds, and let the first one happen; return how many dossiers it took."""
    with tenancy.inside(town.id):
        past, coming = _wednesday(until, -2), _wednesday(until, 1)
        first = _planned(town, "Nhận giấy tờ tận bản (mẫu)", past, town.villages[:2])
        with clock.at(past):
            actions.open_round(first, by=town.actor("motcua"))
        with clock.at(past + timedelta(hours=3)):
            codes = _codes(town, past)
            taken = actions.add_to_round(first, codes, by=town.actor("motcua")) if codes else None
            report = "Bà con đến đông đầu giờ. Kết quả trả lại ở bản sau hai tuần."
            actions.close_round(first, came=23, report=report, by=town.actor("motcua"))
        _planned(town, "Khai sinh, giám hộ tại bản (mẫu)", coming, town.villages[2:4])
        return len(taken.added) if taken else 0


def _planned(town: Town, name: str, begins: datetime, villages: object) -> Round:
    places = list(villages)  # type: ignore[call-overload]
    offered = actions.run_here(town.commune)
    plan = actions.Plan(
        uuid5(town.id, f"round {begins.isoformat()}"),
        name,
        f"Nhà văn hóa {places[0].full_name}",
        begins,
        begins + timedelta(hours=3, minutes=30),
        [each.pk for each in places],
        [town.officials[account].pk for account in ("motcua", "tiepdan")],
        [code for code in _PROCEDURES if code in offered],
        "Căn cước hoặc giấy tờ tùy thân, giấy chứng sinh nếu làm khai sinh.",
    )
    with clock.at(begins - timedelta(days=9)):
        row = actions.plan_round(plan, commune=town.commune, by=town.actor("motcua"))
        return actions.announce_round(row, by=town.actor("motcua"))


def _codes(town: Town, at: datetime) -> list[str]:
    rows = Dossier.objects.filter(
        commune=town.id, is_mirror=False, accepted_at__lte=at, accepted_at__isnull=False
    )
    return [row.code for row in rows.order_by("-accepted_at", "id")[:_TAKEN]]


def _wednesday(until: datetime, weeks: int) -> datetime:
    """Return eight o'clock of a Wednesday so many weeks away."""
    local = dates.local(until)
    day = local.date() + timedelta(days=2 - local.weekday(), weeks=weeks)
    return datetime.combine(day, time(8), dates.ZONE)
