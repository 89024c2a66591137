"""Who may be given a step: holds the role of the step, and is not away without a stand-in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from xaso.dossiers.content.shape import StepRule
from xaso.dossiers.models import Absence
from xaso.kernel.identity.models import RoleAssignment

MOST_STAND_INS = 3  # the stand-in may be away as well


@dataclass(frozen=True)
class Receiver:
    """Who receives, in whose place, and why nobody can (then there is no receiver)."""

    official_id: int | None = None
    unit_id: int | None = None
    instead_of: int | None = None
    problem: str = ""


def receiver(commune: UUID, official: int, step: StepRule | None, at: datetime) -> Receiver:
    """Return who receives a step meant for an official at a moment; or who stands in."""
    held, away = _held(commune, official, step, at)
    if not away:
        return _given(official, held, instead_of=None)
    found, seen = official, {official}
    for _turn in range(MOST_STAND_INS):
        absence = away_now(commune, found, at)
        if absence is None:
            break
        if absence.stand_in_id is None or absence.stand_in_id in seen:
            return Receiver(problem=_("Người này đang nghỉ và chưa cử ai làm thay."))
        found = absence.stand_in_id
        seen.add(found)
    return _given(found, _held(commune, found, step, at)[0], instead_of=official)


def _held(
    commune: UUID, official: int, step: StepRule | None, at: datetime
) -> tuple[list[int | None], bool]:
    """Return the units in which an official holds the role of a step, and whether they are away."""
    absent = now(commune, at).filter(official=OuterRef("official"))
    rows = RoleAssignment.objects.at(at).filter(commune=commune, official=official)
    if step is not None:
        rows = rows.filter(role=step.role)
    found = list(rows.annotate(away=Exists(absent)).values_list("unit_id", "away"))
    return [unit for unit, _away in found], any(away for _unit, away in found)


def _given(official: int, units: list[int | None], *, instead_of: int | None) -> Receiver:
    if not units:
        return Receiver(problem=_("Người nhận không giữ vai trò của bước này."))
    unit = next((each for each in units if each is not None), None)
    return Receiver(official, unit, instead_of)


def away_now(commune: UUID, official: int, at: datetime) -> Absence | None:
    """Return the absence of an official at a moment, if any."""
    return now(commune, at).filter(official=official).order_by("-id").first()


def now(commune: UUID, at: datetime) -> QuerySet[Absence]:
    """Return every absence at a moment."""
    rows = Absence.objects.filter(commune=commune, since__lte=at, until__gt=at)
    return rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def stands_in_for(commune: UUID, official: int, at: datetime) -> list[int]:
    """Return whom an official stands in for at a moment."""
    return list(now(commune, at).filter(stand_in=official).values_list("official_id", flat=True))
